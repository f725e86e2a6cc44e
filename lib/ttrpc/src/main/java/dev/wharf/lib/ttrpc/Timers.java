package dev.wharf.lib.ttrpc;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The one timer thread of this library, started when the first deadline is set. Nothing that blocks may run on it. */
final class Timers {
    static ScheduledExecutorService shared() {
        return Holder.TIMER;
    }

    private static final class Holder {
        static final ScheduledThreadPoolExecutor TIMER = create();

        private static ScheduledThreadPoolExecutor create() {
            var timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("ttrpc-timer").factory());
            timer.setRemoveOnCancelPolicy(true);
            return timer;
        }
    }

    private Timers() {}
}
