package dev.wharf.lib.ttrpc;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The first run of a call's handler, from when the call was read until the handler comes back. */
final class Start {
    /**
     * How long a handler may be at work before it is taken to wait in a way that its thread does not show, such as in
     * the kernel.
     */
    private static final long MOST_WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final StartPace pace;
    private volatile @Nullable Thread thread;
    private volatile long beganAt;
    private volatile boolean answering;

    Start(StartPace pace) {
        this.pace = pace;
    }

    /** The handler runs now, on this thread. */
    void began() {
        beganAt = System.nanoTime();
        thread = Thread.currentThread();
    }

    /** Whether the handler has an answer and is about to queue it, for which it may wait. */
    void answering(boolean now) {
        answering = now;
    }

    /** The handler has come back. */
    void left() {
        pace.left(this);
    }

    /** Whether the handler waits for something else than room for its answer. */
    boolean waits() {
        Thread on = thread;
        return on != null && !answering && (isParked(on) || System.nanoTime() - beganAt > MOST_WORK_NANOS);
    }

    private static boolean isParked(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }
}
