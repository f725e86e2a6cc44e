package dev.wharf.testkit.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/** A clock that stands still until it is moved; safe for several threads. */
public final class SettableClock implements InstantSource {
    /** Where a new clock stands. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Guards changes of {@link #now}. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves the clock to a moment, back too. */
    public void set(Instant moment) {
        lock.lock();
        try {
            now = moment;
        } finally {
            lock.unlock();
        }
    }

    /** Moves the clock on and answers the new moment. */
    public Instant advance(Duration by) {
        lock.lock();
        try {
            now = now.plus(by);
            return now;
        } finally {
            lock.unlock();
        }
    }
}
