package dev.wharf.lib.ttrpc;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many handlers of one connection are at work at once: a peer that asks faster than it reads is not read further,
 * or its answers would pile up in their handlers.
 *
 * <p>Handlers that wait do not count, as they make no answer meanwhile: any number of calls may wait for the end of a
 * container, and the next call begins as if there were none of them. One that waits for room for its answer counts.
 */
final class StartPace {
    /** Handlers at work. */
    static final int MOST = 32;

    /** How often the reader of the connection looks whether one of them has begun to wait. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock(); // guards working
    private final Condition fewer = lock.newCondition();
    private final ArrayDeque<Start> working = new ArrayDeque<>(MOST);

    /** Counts a handler that is about to start, once there is room for one more. */
    Start enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (working.size() >= MOST && !working.removeIf(Start::waits)) {
                long _ = fewer.awaitNanos(LOOK_NANOS);
            }
            Start start = new Start(this);
            working.add(start);
            return start;
        } finally {
            lock.unlock();
        }
    }

    /** A handler has come back. */
    void left(Start start) {
        lock.lock();
        try {
            if (working.remove(start)) {
                fewer.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
