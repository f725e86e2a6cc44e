package dev.wharf.services.streaming;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.services.streaming.v1.StreamInit;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.AnyMessages;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call of Stream as both its ends see it: the transport tells what comes, the daemon sends and receives. */
final class ClientStream implements Stream, StreamObserver<Any> {
    /** How long the client may take no more before the stream counts as broken. */
    private static final Duration SEND = Duration.ofMinutes(10);

    private final StreamManager streams;
    private final ServerCallStreamObserver<Any> responses;
    private final Duration unclaimed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Serializes what is written to {@link #responses}, which takes one message at a time and never blocks. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Guarded by lock. */
    private StreamManager.@Nullable Registration registration;

    /** The message that came and nobody took yet. Guarded by lock. */
    private @Nullable TypedValue next;

    /** Whether a message was asked for that has not come. Guarded by lock. */
    private boolean asked = true;

    /** Guarded by lock. */
    private boolean claimed;

    /** Whether the client sends no more. Guarded by lock. */
    private boolean finished;

    /** Whether the call is over. Guarded by lock. */
    private boolean ended;

    private ClientStream(StreamManager streams, ServerCallStreamObserver<Any> responses, Duration unclaimed) {
        this.streams = streams;
        this.responses = responses;
        this.unclaimed = unclaimed;
    }

    /** Must be called while the service method runs. */
    static ClientStream open(StreamManager streams, ServerCallStreamObserver<Any> responses, Duration unclaimed) {
        ClientStream stream = new ClientStream(streams, responses, unclaimed);
        responses.disableAutoRequest();
        responses.setOnReadyHandler(stream::wake);
        responses.setOnCancelHandler(stream::gone);
        responses.request(1);
        return stream;
    }

    // What the transport tells.

    @Override
    public void onNext(Any message) {
        if (registered()) {
            arrived(AnyMessages.fromProto(message));
        } else {
            begin(message);
        }
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!registered()) {
            end(ErrorKind.INVALID_ARGUMENT.of("the first message of a stream is its StreamInit, and none came"));
        }
    }

    private boolean registered() {
        lock.lock();
        try {
            return registration != null;
        } finally {
            lock.unlock();
        }
    }

    private void begin(Any first) {
        try {
            StreamManager.Registration made = streams.register(Requests.context(), name(first), this);
            lock.lock();
            try {
                registration = made;
                asked = false;
            } finally {
                lock.unlock();
            }
            write(Any.newBuilder()
                    .setTypeUrl("google.protobuf.Empty")
                    .setValue(Empty.getDefaultInstance().toByteString())
                    .build());
            Thread.ofVirtual().name("stream-claim").start(this::closeUnlessClaimed);
        } catch (RuntimeException failure) {
            end(failure);
        }
    }

    private static String name(Any first) {
        if (!AnyMessages.typeName(first.getTypeUrl())
                .equals(StreamInit.getDescriptor().getFullName())) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "the first message of a stream is its StreamInit, not " + first.getTypeUrl());
        }
        try {
            return StreamInit.parseFrom(first.getValue()).getId();
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("StreamInit", e);
        }
    }

    private void arrived(TypedValue value) {
        lock.lock();
        try {
            next = value;
            asked = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void gone() {
        forget();
    }

    private void closeUnlessClaimed() {
        long left = unclaimed.toNanos();
        lock.lock();
        try {
            while (!claimed && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (claimed || ended) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        end(ErrorKind.DEADLINE_EXCEEDED.of("nobody used the stream for " + unclaimed));
    }

    // What the daemon does.

    @Override
    public void claim() {
        lock.lock();
        try {
            claimed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(TypedValue value) {
        awaitReader();
        write(AnyMessages.toProto(value));
    }

    private void awaitReader() {
        long left = SEND.toNanos();
        lock.lock();
        try {
            while (!ended && !responses.isReady()) {
                if (left <= 0) {
                    throw ErrorKind.DEADLINE_EXCEEDED.of("the client has not read its stream for " + SEND);
                }
                left = changed.awaitNanos(left);
            }
            if (ended) {
                throw over();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void write(Any message) {
        writing.lock();
        try {
            responses.onNext(message);
        } catch (IllegalStateException e) {
            throw ErrorKind.CANCELLED.of("send to a stream that has ended", e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public @Nullable TypedValue receive(Duration most) {
        ask();
        long left = most.toNanos();
        lock.lock();
        try {
            while (next == null && !finished && !ended) {
                if (left <= 0) {
                    throw ErrorKind.DEADLINE_EXCEEDED.of("the client has sent nothing over its stream for " + most);
                }
                left = changed.awaitNanos(left);
            }
            TypedValue value = next;
            next = null;
            if (value == null && !finished) {
                throw over();
            }
            return value;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        lock.lock();
        try {
            if (asked || next != null || finished || ended) {
                return;
            }
            asked = true;
        } finally {
            lock.unlock();
        }
        responses.request(1);
    }

    @Override
    public void close() {
        end(null);
    }

    private void end(@Nullable RuntimeException failure) {
        if (!forget()) {
            return;
        }
        writing.lock();
        try {
            if (failure == null) {
                responses.onCompleted();
            } else {
                responses.onError(Calls.status(failure));
            }
        } catch (IllegalStateException e) {
            // The client was faster: the call is over.
        } finally {
            writing.unlock();
        }
    }

    /** Ends the stream for this side; answers whether it had not ended before. */
    private boolean forget() {
        StreamManager.Registration made;
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            ended = true;
            made = registration;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (made != null) {
            made.close();
        }
        return true;
    }

    private static WharfException over() {
        return ErrorKind.CANCELLED.of("the stream has ended");
    }

    private static WharfException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return ErrorKind.CANCELLED.of("use a stream", cause);
    }
}
