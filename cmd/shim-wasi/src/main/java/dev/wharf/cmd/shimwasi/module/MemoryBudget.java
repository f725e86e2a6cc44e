package dev.wharf.cmd.shimwasi.module;

import java.util.concurrent.atomic.AtomicLong;

/** What all modules of this process together may use of its heap, in bytes: so that none can take it from the others. */
public final class MemoryBudget {
    private final AtomicLong left;

    /** A budget of so many bytes. */
    public MemoryBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Three quarters of this JVM's heap; the rest is for the shim itself. */
    public static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 4 * 3);
    }

    /** Takes bytes if that many are left; tells whether it did. */
    boolean take(long bytes) {
        long before = left.getAndUpdate(now -> now >= bytes ? now - bytes : now);
        return before >= bytes;
    }

    /** Gives bytes back. */
    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
