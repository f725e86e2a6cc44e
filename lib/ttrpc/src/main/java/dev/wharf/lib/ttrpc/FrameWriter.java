package dev.wharf.lib.ttrpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: a bounded queue of frames and the one thread that writes them.
 *
 * <p>Whoever sends waits while the queue holds {@link #MAX_FRAMES} frames or {@link #MAX_BYTES} bytes, so a peer that
 * does not read slows down its own connection and nothing else; where it takes not one byte for the write timeout, the
 * connection is closed.
 */
final class FrameWriter implements Runnable {
    static final int MAX_FRAMES = 256;
    static final int MAX_BYTES = 8 << 20;

    /** Most bytes handed to one write: the JDK keeps a direct buffer as large as this per carrier thread. */
    private static final int PIECE_BYTES = 128 << 10;

    /** How often a sender that waits looks whether its call still wants the frame sent. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final GatheringByteChannel channel;
    private final long timeoutNanos;
    private final Runnable onFailure;

    private final ReentrantLock lock = new ReentrantLock(); // guards queue, queuedBytes, state and watched
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final ArrayDeque<Frame> queue = new ArrayDeque<>();
    private int queuedBytes;
    private State state = State.OPEN;
    private boolean watched;

    /** When the write under way began or last moved; read by the watch. */
    private volatile long movedAt;

    private volatile boolean writing;

    private volatile boolean closed;

    /** The next look at a connection that sends; would keep one that has ended in memory. */
    private volatile @Nullable Future<?> nextWatch;

    private enum State {
        OPEN,
        FINISHING,
        CLOSED
    }

    /** Something done with a frame at the moment it takes its place in the queue. */
    @FunctionalInterface
    interface Placing {
        Placing NONE = frame -> {};

        /** Called under the queue's lock: short, and calls nobody else. */
        void place(Frame frame) throws ClosedChannelException;
    }

    /**
     * A writer, not started.
     *
     * @param onFailure called once writing has failed or stalled; must close the connection, may be called again
     */
    FrameWriter(GatheringByteChannel channel, Duration timeout, Runnable onFailure) {
        this.channel = channel;
        this.timeoutNanos = timeout.toNanos();
        this.onFailure = onFailure;
    }

    /**
     * Queues a frame, waiting for room; false where the call was abandoned first.
     *
     * @throws ClosedChannelException where nothing more can be sent
     */
    boolean put(Frame frame, Placing placing, BooleanSupplier abandoned)
            throws ClosedChannelException, InterruptedException {
        boolean watch;
        lock.lockInterruptibly();
        try {
            while (state == State.OPEN && !fits(frame)) {
                if (abandoned.getAsBoolean()) {
                    return false;
                }
                drained.awaitNanos(LOOK_NANOS);
            }
            if (state != State.OPEN) {
                throw new ClosedChannelException();
            }
            placing.place(frame);
            queue.add(frame);
            queuedBytes += frame.size();
            filled.signal();
            watch = !watched;
            watched = true;
        } finally {
            lock.unlock();
        }
        if (watch) {
            watchLater();
        }
        return true;
    }

    private boolean fits(Frame frame) {
        return queue.isEmpty() || (queue.size() < MAX_FRAMES && queuedBytes + frame.size() <= MAX_BYTES);
    }

    /** Waits while the queue is at least half full: what would add to it should not be begun. */
    void awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (state == State.OPEN && (queue.size() >= MAX_FRAMES / 2 || queuedBytes >= MAX_BYTES / 2)) {
                drained.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets what is queued go out and then ends {@link #run}; nothing more is taken. */
    void finish() {
        moveTo(State.FINISHING);
    }

    /** Drops what is queued and ends {@link #run} once its write returns. */
    void close() {
        moveTo(State.CLOSED);
    }

    private void moveTo(State next) {
        lock.lock();
        try {
            if (next.compareTo(state) > 0) {
                state = next;
            }
            if (state == State.CLOSED) {
                queue.forEach(Frame::gone);
                queue.clear();
                queuedBytes = 0;
                closed = true;
            }
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
        forgetWatchIfClosed();
    }

    /** Writes until finished or closed; the body of the writer's thread. */
    @Override
    public void run() {
        try {
            for (List<Frame> batch = take(); !batch.isEmpty(); batch = take()) {
                write(batch);
            }
        } catch (IOException | InterruptedException e) {
            close();
        } finally {
            onFailure.run();
        }
    }

    /** One frame of any size, or several small ones; none where there is nothing left to do. */
    private List<Frame> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && state == State.OPEN) {
                filled.await();
            }
            List<Frame> batch = new ArrayList<>();
            int bytes = 0;
            for (Frame next = queue.peek();
                    next != null && (batch.isEmpty() || bytes + next.size() <= PIECE_BYTES);
                    next = queue.peek()) {
                batch.add(queue.remove());
                bytes += next.size();
            }
            queuedBytes -= bytes;
            drained.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Frame> batch) throws IOException {
        movedAt = System.nanoTime();
        writing = true;
        try {
            if (batch.size() == 1) {
                writeOne(ByteBuffer.wrap(batch.getFirst().bytes()));
            } else {
                writeSmall(batch);
            }
        } finally {
            writing = false;
            batch.forEach(Frame::gone);
        }
    }

    private void writeOne(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + PIECE_BYTES));
            channel.write(bytes);
            movedAt = System.nanoTime();
        }
    }

    private void writeSmall(List<Frame> batch) throws IOException {
        ByteBuffer[] buffers = new ByteBuffer[batch.size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = ByteBuffer.wrap(batch.get(i).bytes());
        }
        int first = 0;
        while (first < buffers.length) {
            channel.write(buffers, first, buffers.length - first);
            movedAt = System.nanoTime();
            while (first < buffers.length && !buffers[first].hasRemaining()) {
                first++;
            }
        }
    }

    private void watchLater() {
        nextWatch = Timers.shared().schedule(this::watch, timeoutNanos / 4 + 1, TimeUnit.NANOSECONDS);
        forgetWatchIfClosed();
    }

    /** Called after either has changed: whoever is later sees both. */
    private void forgetWatchIfClosed() {
        Future<?> next = nextWatch;
        if (closed && next != null) {
            next.cancel(false);
        }
    }

    /** Ends a stalled connection; looks again later while there is something to send. */
    private void watch() {
        if (writing && System.nanoTime() - movedAt > timeoutNanos) {
            close();
            // Closing tells the calls, whose listeners may block: not on the timer's thread.
            Thread.ofVirtual().name("ttrpc-stalled").start(onFailure);
            return;
        }
        lock.lock();
        try {
            watched = state != State.CLOSED && (writing || !queue.isEmpty());
            if (!watched) {
                return;
            }
        } finally {
            lock.unlock();
        }
        watchLater();
    }
}
