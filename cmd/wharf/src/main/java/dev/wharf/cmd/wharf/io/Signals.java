package dev.wharf.cmd.wharf.io;

import java.util.function.IntConsumer;

/**
 * Signals this program gets, handed to somebody.
 *
 * <p>{@code sun.misc.Signal} is what there is; it is exported by the module jdk.unsupported, which the JDK keeps for such
 * uses. Handlers run on threads of their own.
 */
@SuppressWarnings("sunapi")
final class Signals {
    private Signals() {}

    /** Hands the numbers of SIGINT, SIGTERM, SIGHUP and SIGUSR1 to {@code target} instead of ending the program. */
    static void forward(IntConsumer target) {
        for (String name : new String[] {"INT", "TERM", "HUP", "USR1"}) {
            handle(name, target);
        }
    }

    /** Runs {@code action} whenever the terminal's size has changed. */
    static void onResize(Runnable action) {
        handle("WINCH", _ -> action.run());
    }

    private static void handle(String name, IntConsumer target) {
        try {
            sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> target.accept(signal.getNumber()));
        } catch (IllegalArgumentException e) {
            // The JVM keeps this signal for itself, as with -Xrs: it then does what it does without this program.
        }
    }
}
