package dev.wharf.lib.ttrpc;

import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The client's end of one socket: a reader thread, a writer thread, and the calls in flight between them. */
final class ClientConnection {
    /** Most calls in flight; one more is refused here. */
    static final int MAX_CALLS = 1 << 16;

    private static final long LAST_STREAM_ID = 0xFFFF_FFFFL;

    private final SocketChannel socket;
    private final ThreadFactory threads;
    private final long patienceNanos;
    private final FrameWriter writer;
    private final ByteBudget budget = new ByteBudget();
    private final ConcurrentHashMap<Integer, ClientStream<?, ?>> streams = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable IOException> cause = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> onClose = new AtomicReference<>();
    private volatile @Nullable Thread reader;

    /** Guarded by the writer's lock: used only while a frame is placed. */
    private long nextStreamId = 1;

    ClientConnection(SocketChannel socket, ThreadFactory threads, Duration writeTimeout, Duration patience) {
        this.socket = socket;
        this.threads = threads;
        this.patienceNanos = patience.toNanos();
        this.writer = new FrameWriter(socket, writeTimeout, this::close);
    }

    void start() {
        startThread("ttrpc-client-writer", writer);
        reader = startThread("ttrpc-client-reader", this::read);
    }

    private Thread startThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName(name);
        thread.start();
        return thread;
    }

    FrameWriter writer() {
        return writer;
    }

    ByteBudget budget() {
        return budget;
    }

    int callsInFlight() {
        return streams.size();
    }

    boolean isClosed() {
        return closed.get();
    }

    /** The status of calls that the end of the connection cut. */
    Status closedStatus() {
        return Status.UNAVAILABLE.withDescription(Wire.CLOSED).withCause(cause.get());
    }

    /** Gives a call the next stream id; called while its request frame is placed in the send queue. */
    int register(ClientStream<?, ?> stream, Frame frame) throws ClosedChannelException {
        if (nextStreamId > LAST_STREAM_ID) {
            // Ids cannot be used twice on a connection: the caller has to open another one.
            throw new ClosedChannelException();
        }
        if (streams.mappingCount() >= MAX_CALLS) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("more than " + MAX_CALLS + " calls in flight on one connection")
                    .asRuntimeException();
        }
        int id = (int) nextStreamId;
        nextStreamId += 2;
        frame.streamId(id);
        streams.put(id, stream);
        return id;
    }

    void forget(int streamId) {
        streams.remove(streamId);
    }

    private void read() {
        FrameReader frames = new FrameReader(socket);
        try {
            for (InboundFrame frame = frames.next(); frame != null; frame = frames.next()) {
                ClientStream<?, ?> stream = streams.get(frame.streamId());
                if (stream != null) {
                    stream.receive(frame, patienceNanos);
                }
                // Otherwise the call was cancelled or had its end: the peer cannot know yet.
            }
        } catch (IOException e) {
            cause.compareAndSet(null, e);
        } catch (InterruptedException e) {
            // close() ends a reader that waits for a slow stream this way; nothing to add.
        } finally {
            close();
        }
    }

    /** Closes the socket and fails what is in flight. Runs the hook on the first call. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.close();
        try {
            socket.close();
        } catch (IOException e) {
            cause.compareAndSet(null, e);
        }
        Thread reading = reader;
        if (reading != null && reading != Thread.currentThread()) {
            reading.interrupt();
        }
        for (ClientStream<?, ?> stream : new ArrayList<>(streams.values())) {
            fail(stream);
        }
        runHook();
    }

    private void fail(ClientStream<?, ?> stream) {
        try {
            stream.fail(closedStatus());
        } catch (RuntimeException | Error thrown) {
            // An executor of that call's that takes nothing more; the calls after it still have to be told.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        }
    }

    /** Sets what is run once when the connection is closed; at once where it is already. */
    void onClose(Runnable hook) {
        onClose.updateAndGet(before -> before == null
                ? hook
                : () -> {
                    before.run();
                    hook.run();
                });
        if (closed.get()) {
            runHook();
        }
    }

    private void runHook() {
        Runnable hook = onClose.getAndSet(null);
        if (hook != null) {
            startThread("ttrpc-on-close", hook);
        }
    }
}
