package dev.wharf.lib.ttrpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One call of a client: what the generated stubs talk to. */
final class ClientStream<ReqT, RespT> extends ClientCall<ReqT, RespT> {
    private final ClientConnection connection;
    private final MethodDescriptor<ReqT, RespT> method;
    private final Context context = Context.current();
    private final @Nullable Deadline deadline;
    private final InboundQueue inbound;
    private final SerialExecutor callbacks;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final Context.CancellationListener onContextCancelled = this::contextCancelled;

    private @Nullable Listener<RespT> listener;
    private Metadata headers = new Metadata();
    private boolean opened;
    private boolean halfClosed;

    /** Set under the send queue's lock when the request takes its place; 0 before. */
    private volatile int streamId;

    private volatile @Nullable Future<?> timer;

    /** How the call ended. */
    private record Outcome(Status status, Metadata trailers) {}

    ClientStream(ClientConnection connection, MethodDescriptor<ReqT, RespT> method, CallOptions options) {
        this.connection = connection;
        this.method = method;
        this.deadline = earlier(options.getDeadline(), context.getDeadline());
        this.inbound = new InboundQueue(connection.budget());
        Executor executor = options.getExecutor();
        this.callbacks =
                new SerialExecutor(context.fixedContextExecutor(executor == null ? SerialExecutor.VIRTUAL : executor));
    }

    private static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.minimum(other);
    }

    @Override
    public void start(Listener<RespT> responseListener, Metadata requestHeaders) {
        if (listener != null) {
            throw new IllegalStateException("call already started");
        }
        listener = responseListener;
        headers = requestHeaders;
        context.addListener(onContextCancelled, Runnable::run);
        armDeadline();
        if (outcome.get() == null && !method.getType().clientSendsOneMessage()) {
            open(Body.EMPTY, Wire.FLAG_REMOTE_OPEN);
        }
        callbacks.execute(this::ready);
        drainLater();
    }

    private void armDeadline() {
        if (deadline == null) {
            return;
        }
        if (deadline.isExpired()) {
            expire();
            return;
        }
        timer = deadline.runOnExpiration(this::expire, Timers.shared());
        if (outcome.get() != null) {
            stopTimer();
        }
    }

    private void expire() {
        fail(Status.DEADLINE_EXCEEDED.withDescription(Wire.DEADLINE));
    }

    private void contextCancelled(Context cancelled) {
        Throwable cause = cancelled.cancellationCause();
        Status status = cause instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED.withDescription(Wire.DEADLINE)
                : Status.CANCELLED.withDescription("context canceled").withCause(cause);
        fail(status);
    }

    @Override
    public void sendMessage(ReqT message) {
        if (outcome.get() != null) {
            return;
        }
        try {
            Body body = Body.of(method.streamRequest(message));
            if (method.getType().clientSendsOneMessage()) {
                open(body, method.getType() == MethodType.UNARY ? 0 : Wire.FLAG_REMOTE_CLOSED);
            } else {
                send(DataFrames.message(streamId, body), FrameWriter.Placing.NONE);
            }
        } catch (StatusRuntimeException refused) {
            fail(refused.getStatus());
        } catch (IOException e) {
            fail(Status.INTERNAL.withDescription("encode request").withCause(e));
        }
    }

    /** Sends the request frame; what it refuses ends the call. */
    private void open(Body body, int flags) {
        if (opened) {
            fail(Status.INTERNAL.withDescription("a second message on a call that sends one"));
            return;
        }
        opened = true;
        try {
            String service = Objects.requireNonNull(method.getServiceName(), "method without a service");
            String name = Objects.requireNonNull(method.getBareMethodName(), "method without a name");
            Frame frame = RequestMessage.frame(flags, service, name, body, timeoutNanos(), headers);
            send(frame, placed -> streamId = connection.register(this, placed));
        } catch (StatusRuntimeException refused) {
            fail(refused.getStatus());
        } catch (IOException e) {
            fail(Status.INTERNAL.withDescription("encode request").withCause(e));
        }
        if (outcome.get() != null) {
            connection.forget(streamId);
        }
    }

    /** What is left of the deadline; at least one nanosecond, because 0 means none on the wire. */
    private long timeoutNanos() {
        return deadline == null ? 0 : Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }

    private void send(Frame frame, FrameWriter.Placing placing) {
        try {
            // False only where the call has ended meanwhile, which its listener is told elsewhere.
            boolean _ = connection.writer().put(frame, placing, () -> outcome.get() != null);
        } catch (ClosedChannelException closed) {
            fail(connection.closedStatus());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            fail(Status.CANCELLED.withDescription("interrupted").withCause(interrupted));
        }
    }

    @Override
    public void halfClose() {
        if (halfClosed) {
            return;
        }
        halfClosed = true;
        if (outcome.get() != null) {
            return;
        }
        if (!method.getType().clientSendsOneMessage()) {
            send(DataFrames.end(streamId), FrameWriter.Placing.NONE);
        } else if (!opened) {
            fail(Status.INTERNAL.withDescription("half-closed without a request message"));
        }
    }

    @Override
    public void request(int numMessages) {
        if (numMessages < 0) {
            throw new IllegalArgumentException("numMessages is negative: " + numMessages);
        }
        inbound.want(numMessages);
        drainLater();
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        String description = message == null ? "call cancelled" : message;
        fail(Status.CANCELLED.withDescription(description).withCause(cause));
    }

    /** Ends the call at once, whatever has come in. */
    void fail(Status status) {
        finish(status, new Metadata(), true);
    }

    private void finish(Status status, Metadata trailers, boolean discard) {
        if (!outcome.compareAndSet(null, new Outcome(status, trailers))) {
            return;
        }
        stopTimer();
        context.removeListener(onContextCancelled);
        if (streamId != 0) {
            connection.forget(streamId);
        }
        if (discard) {
            inbound.discard();
        }
        inbound.end();
        drainLater();
    }

    private void stopTimer() {
        Future<?> armed = timer;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    /** Takes a frame of this stream; called by the connection's reader. */
    void receive(InboundFrame frame, long patienceNanos) throws InterruptedException {
        Payload payload = frame.payload();
        Status refusal = frame.refusal();
        if (refusal != null) {
            fail(refusal);
        } else if (frame.type() == Wire.TYPE_RESPONSE) {
            receiveResponse(payload, patienceNanos);
        } else if (frame.type() == Wire.TYPE_DATA && !method.getType().serverSendsOneMessage()) {
            receiveData(frame.flags(), payload, patienceNanos);
        } else {
            fail(Status.INTERNAL.withDescription("protocol error: unexpected message of type " + frame.type()));
        }
    }

    private void receiveResponse(Payload body, long patienceNanos) throws InterruptedException {
        ResponseMessage response;
        try {
            response = ResponseMessage.parse(body);
        } catch (IOException malformed) {
            fail(Status.INTERNAL.withDescription("malformed response").withCause(malformed));
            return;
        }
        com.google.rpc.Status status = response.status();
        if (status != null && status.getCode() != 0) {
            StatusMessages.Received received = StatusMessages.received(status);
            finish(received.status(), received.trailers(), false);
            return;
        }
        // A stream may end in a response; without a payload it is no message, only the end.
        boolean message =
                method.getType().serverSendsOneMessage() || response.payload().length() > 0;
        if (!message || queue(response.payload(), patienceNanos)) {
            finish(Status.OK, new Metadata(), false);
        }
    }

    private void receiveData(int flags, Payload payload, long patienceNanos) throws InterruptedException {
        if (!Wire.noData(flags) && !queue(payload, patienceNanos)) {
            return;
        }
        if (Wire.remoteClosed(flags)) {
            finish(Status.OK, new Metadata(), false);
        }
    }

    private boolean queue(Payload payload, long patienceNanos) throws InterruptedException {
        if (!inbound.offer(payload, patienceNanos)) {
            fail(Status.RESOURCE_EXHAUSTED.withDescription(Wire.STREAM_FULL));
            return false;
        }
        drainLater();
        return true;
    }

    private void drainLater() {
        if (listener != null && draining.compareAndSet(false, true)) {
            boolean queued = false;
            try {
                callbacks.execute(this::drain);
                queued = true;
            } finally {
                if (!queued) {
                    draining.set(false);
                }
            }
        }
    }

    private void ready() {
        if (outcome.get() != null) {
            return;
        }
        try {
            Objects.requireNonNull(listener).onReady();
        } catch (RuntimeException | Error thrown) {
            fail(Status.CANCELLED.withDescription("listener failed").withCause(thrown));
        }
    }

    private void drain() {
        draining.set(false);
        Listener<RespT> to = Objects.requireNonNull(listener);
        Status failure = null;
        for (Payload next = inbound.poll(); next != null; next = inbound.poll()) {
            failure = deliver(to, next);
            if (failure != null) {
                fail(failure);
                inbound.discard();
            }
        }
        if (inbound.takeEnd()) {
            Outcome end = Objects.requireNonNull(outcome.get());
            to.onClose(failure == null ? end.status() : failure, end.trailers());
        }
    }

    private @Nullable Status deliver(Listener<RespT> to, Payload payload) {
        RespT message;
        try {
            message = method.parseResponse(payload.stream());
        } catch (RuntimeException | Error malformed) {
            return Status.INTERNAL.withDescription("malformed response message").withCause(malformed);
        }
        try {
            to.onMessage(message);
            return null;
        } catch (RuntimeException | Error thrown) {
            return Status.CANCELLED.withDescription("listener failed").withCause(thrown);
        }
    }
}
