package dev.wharf.shim;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What a serving runtime gets from the framework. */
public interface ShimContext {
    /**
     * Hands an event to the daemon, which gets those of one container in the order of these calls, each at least once.
     * Returns at once; while the daemon is away events wait, a bounded number of them: beyond it the oldest are dropped
     * and logged.
     *
     * @param taken run on a virtual thread when the daemon has taken the event; never, where it was dropped
     */
    void publish(ShimEvent event, Runnable taken);

    /** Hands an event to the daemon without asking what became of it. */
    default void publish(ShimEvent event) {
        publish(event, () -> {});
    }

    /** The log of one container's bundle, to which a daemon listens; close it with the container. */
    BundleLog log(Path bundle);

    /**
     * Directory for the state of the group, which exists, is empty at first, is this process's alone while it lives,
     * and outlives it. Removed when the shim ends by a Shutdown.
     */
    Path stateDirectory();

    /** Path of the unix socket this process serves on. */
    Path socket();

    /** Environment the process was started with by the daemon, whose configuration may add to it. */
    Map<String, String> environment();

    /** Whether the daemon asked for details in the log. */
    boolean debug();

    /** The time, for timestamps. */
    Clock clock();
}
