package dev.wharf.core.gc;

import java.time.Duration;

/** Removes what no root refers to. Roots and references are told by containerd's {@code containerd.io/gc.*} labels. */
public interface GarbageCollector {
    /** Runs a collection now, or joins one that has not begun marking yet, and waits for its end. */
    Result collect();

    /** Says that something was deleted or changed, so that a collection should follow soon. Returns at once. */
    void schedule();

    /**
     * What a run did.
     *
     * @param removed the number of objects removed
     * @param took how long it took
     */
    record Result(int removed, Duration took) {}
}
