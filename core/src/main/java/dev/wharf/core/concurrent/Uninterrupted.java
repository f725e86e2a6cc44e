package dev.wharf.core.concurrent;

/** Cleaning up on a thread that may have been interrupted: an interrupt must not break that off too. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Does {@code work} as if the thread had not been interrupted yet; it is interrupted again afterwards. */
    public static void run(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
