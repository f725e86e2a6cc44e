package dev.wharf.lib.ttrpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call a server is answering: what handlers and interceptors talk to. */
final class ServerStream<ReqT, RespT> extends ServerCall<ReqT, RespT> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStream.class);

    private static final Status HANDLER_FAILED = Status.UNKNOWN.withDescription("request handler failed");

    private final ServerConnection connection;
    private final int streamId;
    private final ServerMethodDefinition<ReqT, RespT> definition;
    private final MethodDescriptor<ReqT, RespT> method;
    private final Metadata headers;
    /** Of the request's frame, whose bytes themselves are not kept. */
    private final int requestBytes;

    private final Held requestHeld;
    private final Start start;
    private final Context.CancellableContext context;
    private final InboundQueue inbound;
    private final SerialExecutor callbacks;
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Set once, by whoever ends the call; only that one may send its last frame. */
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    /** Used by the callbacks alone, which run one after another. */
    private ServerCall.@Nullable Listener<ReqT> listener;

    private boolean settled;

    /** The answer of a method that gives one, until the call is closed. */
    private volatile @Nullable Frame answer;

    private enum End {
        COMPLETED,
        CANCELLED
    }

    /**
     * A call, not started.
     *
     * @param body of the request's frame, which counts as long as the call lasts
     */
    ServerStream(
            ServerConnection connection,
            int streamId,
            ServerMethodDefinition<ReqT, RespT> definition,
            RequestMessage request,
            Payload body,
            Start start) {
        this.connection = connection;
        this.start = start;
        this.streamId = streamId;
        this.definition = definition;
        this.method = definition.getMethodDescriptor();
        this.headers = request.headers();
        this.requestBytes = body.length();
        this.requestHeld = body.held().hold();
        this.context = context(request.timeoutNano());
        this.inbound = new InboundQueue(connection.dataBudget());
        this.callbacks = new SerialExecutor(context.fixedContextExecutor(SerialExecutor.VIRTUAL));
    }

    private static Context.CancellableContext context(long timeoutNano) {
        return timeoutNano == 0
                ? Context.ROOT.withCancellation()
                : Context.ROOT.withDeadlineAfter(timeoutNano, TimeUnit.NANOSECONDS, Timers.shared());
    }

    /** Starts the handler on its own thread. */
    void start(Payload request, long patienceNanos) throws InterruptedException {
        boolean one = method.getType().clientSendsOneMessage();
        if ((one || request.length() > 0) && !inbound.offer(request, patienceNanos)) {
            abort(Status.RESOURCE_EXHAUSTED.withDescription(Wire.STREAM_FULL));
        }
        if (one) {
            inbound.end();
        }
        context.addListener(this::contextCancelled, SerialExecutor.VIRTUAL);
        callbacks.execute(this::begin);
    }

    private void contextCancelled(Context cancelled) {
        if (cancelled.cancellationCause() instanceof TimeoutException) {
            abort(Status.DEADLINE_EXCEEDED.withDescription(Wire.DEADLINE));
        }
    }

    private void begin() {
        start.began();
        if (end.get() == null) {
            try {
                listener = definition.getServerCallHandler().startCall(this, headers);
                listener.onReady();
            } catch (RuntimeException | Error thrown) {
                handlerFailed(thrown);
            }
        }
        try {
            drain();
        } finally {
            start.left();
        }
    }

    /** Takes a data frame; called by the connection's reader. */
    void receiveData(int flags, Payload payload, long patienceNanos) throws InterruptedException {
        if (!Wire.noData(flags)) {
            if (inbound.ended()) {
                abort(Status.INVALID_ARGUMENT.withDescription("data handling error: ttrpc: stream closed"));
                return;
            }
            if (!inbound.offer(payload, patienceNanos)) {
                abort(Status.RESOURCE_EXHAUSTED.withDescription("data handling error: " + Wire.STREAM_FULL));
                return;
            }
        }
        if (Wire.remoteClosed(flags)) {
            if (payload.length() > 0) {
                abort(Status.INVALID_ARGUMENT.withDescription("data close message cannot include data"));
                return;
            }
            inbound.end();
        }
        drainLater();
    }

    private void drainLater() {
        if (draining.compareAndSet(false, true)) {
            callbacks.execute(this::drain);
        }
    }

    private void drain() {
        draining.set(false);
        ServerCall.Listener<ReqT> to = listener;
        if (to != null) {
            try {
                deliver(to);
            } catch (RuntimeException | Error thrown) {
                handlerFailed(thrown);
            }
        }
        settle();
    }

    private void deliver(ServerCall.Listener<ReqT> to) {
        for (Payload next = inbound.poll(); next != null && end.get() == null; next = inbound.poll()) {
            ReqT message;
            try {
                message = method.parseRequest(next.stream());
            } catch (RuntimeException malformed) {
                abort(Status.INVALID_ARGUMENT.withDescription(
                        "ttrpc: error unmarshalling payload: " + text(malformed)));
                return;
            }
            to.onMessage(message);
        }
        if (end.get() == null && inbound.takeEnd()) {
            to.onHalfClose();
        }
    }

    private static String text(RuntimeException malformed) {
        Throwable cause = malformed.getCause();
        return String.valueOf(cause == null ? malformed.getMessage() : cause.getMessage());
    }

    /** Tells the listener how the call ended and gives back what it held; once, after everything else it is told. */
    private void settle() {
        End how = end.get();
        if (how == null || settled) {
            return;
        }
        settled = true;
        try {
            if (listener != null) {
                notifyEnd(listener, how);
            }
        } catch (RuntimeException | Error thrown) {
            LOG.error("listener failed after its call method={}", method.getFullMethodName(), thrown);
        } finally {
            context.cancel(null);
            connection.settled(requestBytes, requestHeld);
        }
    }

    private static void notifyEnd(ServerCall.Listener<?> listener, End how) {
        switch (how) {
            case COMPLETED -> listener.onComplete();
            case CANCELLED -> listener.onCancel();
        }
    }

    /**
     * Answers for a handler that threw. What it threw may be an OutOfMemoryError or a StackOverflowError, and this may
     * be met again on the way: no switch on types here, whose first use links classes and stays broken where that
     * fails, and the answer does not depend on the log.
     */
    private void handlerFailed(Throwable thrown) {
        if (thrown instanceof StatusRuntimeException raised) {
            close(raised.getStatus(), trailers(raised.getTrailers()));
            return;
        }
        if (thrown instanceof StatusException raised) {
            close(raised.getStatus(), trailers(raised.getTrailers()));
            return;
        }
        try {
            LOG.error("request handler failed method={}", method.getFullMethodName(), thrown);
        } finally {
            close(HANDLER_FAILED, new Metadata());
        }
    }

    private static Metadata trailers(@Nullable Metadata given) {
        return given == null ? new Metadata() : given;
    }

    @Override
    public void request(int numMessages) {
        inbound.want(numMessages);
        drainLater();
    }

    /** Nothing goes out: the wire has no response headers. */
    @Override
    public void sendHeaders(Metadata responseHeaders) {}

    @Override
    public void sendMessage(RespT message) {
        if (end.get() != null) {
            return;
        }
        try {
            Body body = Body.of(method.streamResponse(message));
            if (method.getType().serverSendsOneMessage()) {
                answer = ResponseMessage.frame(streamId, body);
            } else {
                send(DataFrames.message(streamId, body));
            }
        } catch (StatusRuntimeException refused) {
            abort(refused.getStatus());
        } catch (IOException e) {
            abort(Status.INTERNAL.withDescription("ttrpc: error marshaling payload: " + e.getMessage()));
        } catch (RuntimeException | Error thrown) {
            // Whoever sends may be a thread of the handler's own, from which this does not come back here.
            abort(HANDLER_FAILED);
            throw thrown;
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (!end.compareAndSet(null, End.COMPLETED)) {
            return;
        }
        endWith(() -> lastFrame(status, trailers), status.isOk() ? HANDLER_FAILED : status);
    }

    private Frame lastFrame(Status status, Metadata trailers) {
        if (!status.isOk()) {
            return ResponseMessage.failure(streamId, StatusMessages.toProto(status, trailers));
        }
        if (!method.getType().serverSendsOneMessage()) {
            return DataFrames.end(streamId);
        }
        Frame ready = answer;
        return ready != null ? ready : failure(Status.INTERNAL.withDescription("ttrpc: marshal called with nil"));
    }

    private Frame failure(Status status) {
        return ResponseMessage.failure(streamId, StatusMessages.toProto(status, null));
    }

    /** Ends the call with a status from outside the handler, which is told that the call is cancelled. */
    void abort(Status status) {
        if (end.compareAndSet(null, End.CANCELLED)) {
            context.cancel(status.asRuntimeException());
            endWith(() -> failure(status), status);
        }
    }

    /** Ends the call because its connection has ended. */
    void connectionClosed() {
        if (end.compareAndSet(null, End.CANCELLED)) {
            context.cancel(Status.CANCELLED.withDescription(Wire.CLOSED).asRuntimeException());
            quiet();
        }
    }

    /** Sends the last frame. Where none can be made or queued the connection ends, so that no peer waits for it. */
    private void endWith(Supplier<Frame> last, Status otherwise) {
        boolean answered = false;
        try {
            if (!queue(made(last, otherwise))) {
                connection.send(failure(Wire.NO_ROOM_FOR_ANSWER));
            }
            answered = true;
        } catch (ClosedChannelException closed) {
            LOG.debug("call outlived its connection method={}", method.getFullMethodName());
        } finally {
            connection.ended(streamId);
            if (!answered) {
                connection.close();
            }
            quiet();
        }
    }

    private Frame made(Supplier<Frame> last, Status otherwise) {
        try {
            return last.get();
        } catch (RuntimeException | Error unspeakable) {
            return failure(otherwise);
        }
    }

    private void quiet() {
        inbound.discard();
        inbound.end();
        drainLater();
    }

    private void send(Frame frame) {
        try {
            if (!queue(frame)) {
                abort(Wire.NO_ROOM_FOR_ANSWER);
            }
        } catch (ClosedChannelException closed) {
            connectionClosed();
        }
    }

    private boolean queue(Frame frame) throws ClosedChannelException {
        start.answering(true);
        try {
            return connection.sendAnswer(frame);
        } finally {
            start.answering(false);
        }
    }

    @Override
    public boolean isCancelled() {
        return end.get() == End.CANCELLED;
    }

    @Override
    public MethodDescriptor<ReqT, RespT> getMethodDescriptor() {
        return method;
    }

    @Override
    public Attributes getAttributes() {
        return connection.attributes();
    }

    @Override
    public String getAuthority() {
        return "ttrpc";
    }

    @Override
    public String toString() {
        return "ServerStream[" + Objects.toString(method.getFullMethodName()) + ", " + streamId + "]";
    }
}
