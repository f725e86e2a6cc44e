package dev.wharf.cmd.wharfd.boot;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and SIGINT ask the daemon to stop, SIGUSR1 asks for its threads.
 *
 * <p>{@code sun.misc.Signal} is what there is: a shutdown hook could not end with status 0 without halting the JVM, and
 * SIGUSR1 ends a JVM that has no handler for it. It is exported by the module jdk.unsupported, which the JDK keeps for
 * such uses. SIGPIPE is ignored by the JVM already.
 */
@SuppressWarnings("sunapi")
public final class Signals {
    private final CountDownLatch stop = new CountDownLatch(1);

    private Signals() {}

    /** Takes over the three signals; {@code dump} runs on a thread of its own at each SIGUSR1. */
    public static Signals handle(Runnable dump) {
        Signals signals = new Signals();
        sun.misc.Signal.handle(new sun.misc.Signal("TERM"), _ -> signals.stop());
        sun.misc.Signal.handle(new sun.misc.Signal("INT"), _ -> signals.stop());
        sun.misc.Signal.handle(new sun.misc.Signal("USR1"), _ -> dump.run());
        return signals;
    }

    /** Asks to stop, as SIGTERM does. */
    public void stop() {
        stop.countDown();
    }

    /** Waits until somebody asked to stop. */
    public void awaitStop() throws InterruptedException {
        stop.await();
    }
}
