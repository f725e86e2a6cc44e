package dev.wharf.lib.ttrpc;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one stream that have come in and were not delivered yet.
 *
 * <p>Holds at most {@link #MAX_MESSAGES} messages and {@link #MAX_BYTES} bytes, and takes part in its connection's
 * {@link ByteBudget}. ttRPC has no flow control: where the queue is full the connection's reader waits, and gives the
 * stream up when its patience ends, so that one reader who sleeps cannot stop the others for good.
 */
final class InboundQueue {
    static final int MAX_MESSAGES = 64;
    static final int MAX_BYTES = 2 * Wire.MAX_BODY_BYTES;

    private final ByteBudget budget;
    private final ReentrantLock lock = new ReentrantLock(); // guards all fields below
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Payload> messages = new ArrayDeque<>(2);
    private int bytes;
    private long wanted;
    private boolean ended;
    private boolean endTaken;
    private boolean discarded;

    InboundQueue(ByteBudget budget) {
        this.budget = budget;
    }

    /** Adds a message, waiting for room; false where none came within the patience. Dropped where nobody listens. */
    boolean offer(Payload message, long patienceNanos) throws InterruptedException {
        long until = System.nanoTime() + patienceNanos;
        if (!budget.take(message.length(), patienceNanos)) {
            return false;
        }
        boolean queued = false;
        lock.lock();
        try {
            while (!discarded && !ended && full(message)) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                room.awaitNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
            }
            if (!discarded && !ended) {
                message.held().hold();
                messages.add(message);
                bytes += message.length();
                queued = true;
            }
            return true;
        } finally {
            lock.unlock();
            if (!queued) {
                budget.giveBack(message.length());
            }
        }
    }

    private boolean full(Payload message) {
        return !messages.isEmpty() && (messages.size() >= MAX_MESSAGES || bytes + message.length() > MAX_BYTES);
    }

    /** No message follows; those queued are still delivered. */
    void end() {
        lock.lock();
        try {
            ended = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #end} was called. */
    boolean ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is queued and what is still to come. */
    void discard() {
        int dropped;
        lock.lock();
        try {
            discarded = true;
            messages.forEach(message -> message.held().letGo());
            messages.clear();
            dropped = bytes;
            bytes = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        budget.giveBack(dropped);
    }

    /** The listener is ready for so many more messages. */
    void want(int more) {
        lock.lock();
        try {
            wanted += more;
        } finally {
            lock.unlock();
        }
    }

    /** The next message that is both here and wanted. */
    @Nullable
    Payload poll() {
        Payload next;
        lock.lock();
        try {
            if (wanted == 0 || messages.isEmpty()) {
                return null;
            }
            wanted--;
            next = messages.remove();
            bytes -= next.length();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        budget.giveBack(next.length());
        next.held().letGo();
        return next;
    }

    /** True once: when the stream has ended and all of it was delivered or dropped. */
    boolean takeEnd() {
        lock.lock();
        try {
            if (endTaken || !ended || !messages.isEmpty()) {
                return false;
            }
            endTaken = true;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
