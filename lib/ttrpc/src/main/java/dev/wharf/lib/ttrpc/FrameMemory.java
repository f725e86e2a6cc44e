package dev.wharf.lib.ttrpc;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the frames of all connections of a server may take in memory together, in one direction: those of requests from
 * before they are read until their calls are over, those of answers until they are written.
 *
 * <p>A quarter of it is for small frames alone, so that peers with large ones leave room for the calls of everyday.
 */
final class FrameMemory {
    /** Counts nothing. */
    static final FrameMemory UNBOUNDED = new FrameMemory(0);

    /** A small frame. */
    static final int SMALL_BYTES = 64 << 10;

    /** The least that lets every frame pass. */
    static final int LEAST_BYTES = 8 * Wire.MAX_BODY_BYTES;

    private final boolean bounded;
    private final Semaphore small;
    private final Semaphore large;

    private FrameMemory(int bytes) {
        bounded = bytes > 0;
        small = new Semaphore(bytes / 4);
        large = new Semaphore(bytes - bytes / 4);
    }

    /** A memory of this size. */
    static FrameMemory of(int bytes) {
        if (bytes < LEAST_BYTES) {
            throw new IllegalArgumentException("memory for frames is less than " + LEAST_BYTES + " bytes: " + bytes);
        }
        return new FrameMemory(bytes);
    }

    /** Takes room for a frame, waiting for it; null where none came in time. */
    @Nullable
    Held take(int bytes, long nanos) throws InterruptedException {
        if (!bounded || bytes == 0) {
            return Held.NONE;
        }
        Semaphore from = pool(bytes);
        return from.tryAcquire(bytes, nanos, TimeUnit.NANOSECONDS) ? new Held(from, bytes) : null;
    }

    /** Takes room for a frame if there is some now. */
    @Nullable
    Held takeNow(int bytes) {
        if (!bounded || bytes == 0) {
            return Held.NONE;
        }
        Semaphore from = pool(bytes);
        return from.tryAcquire(bytes) ? new Held(from, bytes) : null;
    }

    private Semaphore pool(int bytes) {
        return bytes <= SMALL_BYTES ? small : large;
    }
}
