package dev.wharf.shim.serve;

/**
 * SIGTERM and SIGINT ask to end, SIGUSR1 asks for a dump of all threads. The JVM ignores SIGPIPE by itself.
 *
 * <p>{@code sun.misc.Signal} is what there is; the module jdk.unsupported exports it for such uses.
 */
@SuppressWarnings("sunapi")
final class Signals {
    private Signals() {}

    static void handle(Runnable end, Runnable dump) {
        sun.misc.Signal.handle(new sun.misc.Signal("TERM"), _ -> end.run());
        sun.misc.Signal.handle(new sun.misc.Signal("INT"), _ -> end.run());
        sun.misc.Signal.handle(new sun.misc.Signal("USR1"), _ -> dump.run());
    }
}
