package dev.wharf.lib.ttrpc;

import io.grpc.Attributes;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's end of one socket: a reader thread, a writer thread and a thread for each call between them. */
final class ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

    /** Answers up to here are bounded by their number. */
    private static final int UNCOUNTED_BYTES = 1 << 10;

    private final SocketChannel socket;
    private final MethodTable methods;
    private final Attributes attributes;
    private final TtrpcServer.Limits limits;
    private final long patienceNanos;
    private final FrameMemory requests;
    private final FrameMemory answers;
    private final Consumer<ServerConnection> onClosed;
    private final FrameWriter writer;
    private final Semaphore slots;
    private final StartPace pace = new StartPace();
    private final ByteBudget dataBudget = new ByteBudget();
    private final ByteBudget requestBudget = new ByteBudget();
    private final ConcurrentHashMap<Integer, ServerStream<?, ?>> live = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile @Nullable Thread reader;

    /** Used by the reader alone. */
    private int lastStreamId;

    ServerConnection(
            SocketChannel socket,
            MethodTable methods,
            Attributes attributes,
            TtrpcServer.Limits limits,
            FrameMemory requests,
            FrameMemory answers,
            Consumer<ServerConnection> onClosed) {
        this.socket = socket;
        this.methods = methods;
        this.attributes = attributes;
        this.limits = limits;
        this.requests = requests;
        this.answers = answers;
        this.patienceNanos = limits.patience().toNanos();
        this.onClosed = onClosed;
        this.writer = new FrameWriter(socket, limits.writeTimeout(), this::close);
        this.slots = new Semaphore(limits.maxInFlight());
    }

    void start() {
        Thread.ofVirtual().name("ttrpc-server-writer").start(writer);
        reader = Thread.ofVirtual().name("ttrpc-server-reader").start(this::read);
    }

    Attributes attributes() {
        return attributes;
    }

    ByteBudget dataBudget() {
        return dataBudget;
    }

    private void read() {
        FrameReader frames = new FrameReader(socket, requests, patienceNanos, this::watchBody);
        try {
            for (InboundFrame frame = frames.next(); frame != null; frame = frames.next()) {
                try {
                    receive(frame);
                } finally {
                    frame.payload().held().letGo();
                }
            }
        } catch (IOException e) {
            LOG.debug("connection ended", e);
        } catch (InterruptedException e) {
            // close() ends a reader that waits for a slow call this way; nothing to add.
        } catch (RuntimeException e) {
            LOG.error("connection closed after a failure of its reader", e);
        } finally {
            close();
        }
    }

    /** Ends the connection if a body takes too long: its room is counted, so that no other peer can have it. */
    private Runnable watchBody() {
        Future<?> late =
                Timers.shared().schedule(this::closeLater, limits.writeTimeout().toNanos(), TimeUnit.NANOSECONDS);
        return () -> late.cancel(false);
    }

    private void closeLater() {
        Thread.ofVirtual().name("ttrpc-stalled").start(this::close);
    }

    private void receive(InboundFrame frame) throws IOException, InterruptedException {
        int id = frame.streamId();
        Payload payload = frame.payload();
        Status refusal = frame.refusal();
        if (refusal != null) {
            refuse(id, refusal);
        } else if (id % 2 == 0) {
            refuse(id, invalid("StreamID must be odd for client initiated streams"));
        } else if (frame.type() == Wire.TYPE_REQUEST) {
            receiveRequest(id, payload, frame.flags());
        } else if (frame.type() == Wire.TYPE_DATA) {
            receiveData(id, payload, frame.flags());
        } else {
            refuse(id, invalid("message type " + frame.type() + " is not for a server"));
        }
    }

    private static Status invalid(String why) {
        return Status.INVALID_ARGUMENT.withDescription(why);
    }

    private void receiveRequest(int id, Payload body, int flags) throws IOException, InterruptedException {
        if (Integer.compareUnsigned(id, lastStreamId) <= 0) {
            refuse(id, invalid("StreamID cannot be re-used and must increment"));
            return;
        }
        lastStreamId = id;
        RequestMessage request;
        try {
            request = RequestMessage.parse(body);
        } catch (IOException malformed) {
            refuse(id, invalid("unmarshal request error: " + malformed.getMessage()));
            return;
        }
        try {
            open(id, methods.find(request.service(), request.method()), request, body, flags);
        } catch (StatusRuntimeException refused) {
            refuse(id, refused.getStatus());
        }
    }

    private void open(int id, ServerMethodDefinition<?, ?> method, RequestMessage request, Payload body, int flags)
            throws IOException, InterruptedException {
        if (!slots.tryAcquire(patienceNanos, TimeUnit.NANOSECONDS)) {
            refuse(id, Status.RESOURCE_EXHAUSTED.withDescription("ttrpc: too many requests in flight"));
            return;
        }
        if (!requestBudget.take(body.length(), patienceNanos)) {
            slots.release();
            refuse(id, Status.RESOURCE_EXHAUSTED.withDescription("ttrpc: too many request bytes in flight"));
            return;
        }
        Start start = pace.enter();
        // Those at work run first, since only their answers show how much room there is.
        writer.awaitRoom();
        ServerStream<?, ?> stream = new ServerStream<>(this, id, method, request, body, start);
        live.put(id, stream);
        if (draining) {
            stream.abort(Status.UNAVAILABLE.withDescription(Wire.SERVER_CLOSED));
        }
        if (closed.get()) {
            // close() may have gone through the live calls before this one was among them.
            stream.connectionClosed();
        }
        stream.start(request.payload(), patienceNanos);
        boolean streaming = !method.getMethodDescriptor().getType().clientSendsOneMessage();
        if (streaming && Wire.remoteClosed(flags)) {
            stream.receiveData(Wire.FLAG_REMOTE_CLOSED | Wire.FLAG_NO_DATA, Payload.EMPTY, patienceNanos);
        }
    }

    private void receiveData(int id, Payload payload, int flags) throws IOException, InterruptedException {
        ServerStream<?, ?> stream = live.get(id);
        if (stream == null) {
            refuse(id, invalid("StreamID is no longer active"));
        } else {
            stream.receiveData(flags, payload, patienceNanos);
        }
    }

    /** Answers a frame with an error on its stream, whatever its id, and ends the call that uses it. */
    private void refuse(int id, Status status) throws ClosedChannelException {
        ServerStream<?, ?> stream = live.get(id);
        if (stream == null) {
            send(ResponseMessage.failure(id, StatusMessages.toProto(status, null)));
        } else {
            stream.abort(status);
        }
    }

    /**
     * Queues a frame of an answer, as {@link #send} does.
     *
     * @return false where all connections together hold too many bytes of answers; it is then not queued
     */
    boolean sendAnswer(Frame frame) throws ClosedChannelException {
        if (frame.size() > UNCOUNTED_BYTES) {
            Held held = answers.takeNow(frame.size());
            if (held == null) {
                return false;
            }
            frame.held(held);
        }
        boolean queued = false;
        try {
            send(frame);
            queued = true;
        } finally {
            if (!queued) {
                frame.gone();
            }
        }
        return true;
    }

    /** Queues a frame; waits for room, interrupted or not, because a caller waits for it. */
    void send(Frame frame) throws ClosedChannelException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    boolean _ = writer.put(frame, FrameWriter.Placing.NONE, () -> false);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A call's last frame is queued. */
    void ended(int streamId) {
        live.remove(streamId);
        finishIfIdle();
    }

    /** A call's handler is done too. */
    void settled(int requestBytes, Held requestHeld) {
        requestBudget.giveBack(requestBytes);
        requestHeld.letGo();
        slots.release();
    }

    /** Refuses new calls from here on and closes once those under way have been answered. */
    void drain() {
        draining = true;
        finishIfIdle();
    }

    private void finishIfIdle() {
        if (draining && live.isEmpty()) {
            writer.finish();
        }
    }

    boolean awaitClosed(long nanos) throws InterruptedException {
        return gone.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Closes the socket and cancels the calls under way. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.close();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("close of a connection failed", e);
        }
        Thread reading = reader;
        if (reading != null && reading != Thread.currentThread()) {
            reading.interrupt();
        }
        try {
            cancelCalls();
        } finally {
            onClosed.accept(this);
            gone.countDown();
        }
    }

    private void cancelCalls() {
        for (var entry : new ArrayList<>(live.entrySet())) {
            entry.getValue().connectionClosed();
            live.remove(entry.getKey());
        }
    }
}
