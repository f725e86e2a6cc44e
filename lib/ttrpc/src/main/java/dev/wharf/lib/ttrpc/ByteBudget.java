package dev.wharf.lib.ttrpc;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many received bytes one connection may hold that nobody has taken yet. */
final class ByteBudget {
    /** Eight messages of the largest size. */
    static final int MAX_BYTES = 8 * Wire.MAX_BODY_BYTES;

    private final Semaphore free = new Semaphore(MAX_BYTES);

    /** Waits for room; false where none came in time. */
    boolean take(int bytes, long nanos) throws InterruptedException {
        return free.tryAcquire(bytes, nanos, TimeUnit.NANOSECONDS);
    }

    void giveBack(int bytes) {
        free.release(bytes);
    }
}
