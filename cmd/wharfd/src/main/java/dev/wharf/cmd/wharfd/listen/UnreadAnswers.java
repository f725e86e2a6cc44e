package dev.wharf.cmd.wharfd.listen;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what the answers of all gRPC connections take while their clients do not read them. gRPC itself keeps any number
 * of them: each call may have one message of full size under way.
 *
 * <p>A message counts from when it is sent until the transport is ready for the next one, or the call is over. Where
 * there is no room for it, the call ends with {@code RESOURCE_EXHAUSTED} at once.
 */
final class UnreadAnswers implements ServerInterceptor {
    /** Messages up to here are bounded by the number of calls. */
    static final int UNCOUNTED_BYTES = 64 << 10;

    private static final Status NO_ROOM = Status.RESOURCE_EXHAUSTED.withDescription(
            "too many bytes of answers that are not read on all connections together, try again later");

    private final Semaphore free;

    /** A bound of so many bytes. */
    UnreadAnswers(int bytes) {
        free = new Semaphore(bytes);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Counted<Q, A> counted = new Counted<>(call, free);
        return new Giving<>(next.startCall(counted, headers), counted);
    }

    /** A call whose messages count. */
    private static final class Counted<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Semaphore free;
        private final AtomicInteger held = new AtomicInteger();
        private volatile boolean refused;

        Counted(ServerCall<Q, A> call, Semaphore free) {
            super(call);
            this.free = free;
        }

        @Override
        public void sendMessage(A message) {
            if (refused) {
                return;
            }
            int bytes = message instanceof MessageLite sized ? sized.getSerializedSize() : 0;
            if (bytes > UNCOUNTED_BYTES) {
                if (!free.tryAcquire(bytes)) {
                    refused = true;
                    super.close(NO_ROOM, new Metadata());
                    return;
                }
                held.addAndGet(bytes);
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!refused) {
                super.close(status, trailers);
            }
        }

        @Override
        public boolean isCancelled() {
            return refused || super.isCancelled();
        }

        void giveBack() {
            if (held.get() > 0) {
                free.release(held.getAndSet(0));
            }
        }
    }

    /** Hears when messages have been read. */
    private static final class Giving<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Counted<Q, ?> call;

        Giving(ServerCall.Listener<Q> listener, Counted<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        /** The first time this is told nothing may have been read: it is asked again. */
        @Override
        public void onReady() {
            if (call.isReady()) {
                call.giveBack();
            }
            super.onReady();
        }

        @Override
        public void onComplete() {
            call.giveBack();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            call.giveBack();
            super.onCancel();
        }
    }
}
