package dev.wharf.lib.registry;

import java.time.Duration;

/** Breaks a request off when its time is over. A virtual thread waits as long as it is open. */
final class Deadline implements AutoCloseable {
    private final Runnable breakOff;
    private final Thread waiting;
    private volatile boolean over;

    private Deadline(Duration time, Runnable breakOff) {
        this.breakOff = breakOff;
        this.waiting = Thread.ofVirtual().name("registry-deadline").unstarted(() -> await(time));
    }

    static Deadline in(Duration time, Runnable breakOff) {
        Deadline deadline = new Deadline(time, breakOff);
        deadline.waiting.start();
        return deadline;
    }

    private void await(Duration time) {
        try {
            Thread.sleep(time);
            over = true;
            breakOff.run();
        } catch (InterruptedException e) {
            // It was kept.
            Thread.currentThread().interrupt();
        }
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        waiting.interrupt();
    }
}
