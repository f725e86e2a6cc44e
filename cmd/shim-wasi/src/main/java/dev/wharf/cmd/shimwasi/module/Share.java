package dev.wharf.cmd.shimwasi.module;

import dev.wharf.shim.ShimException;
import java.util.concurrent.atomic.AtomicLong;

/** What one module uses of the budget of all, up to a bound of its own; all of it is given back at once. */
public final class Share implements AutoCloseable {
    private final MemoryBudget budget;
    private final long most;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong overhead = new AtomicLong();

    /** An empty share of at most so many bytes. */
    public Share(MemoryBudget budget, long most) {
        this.budget = budget;
        this.most = most;
    }

    /** Bytes in use. */
    public long used() {
        return used.get();
    }

    /** The bound in bytes. */
    public long most() {
        return most;
    }

    boolean take(long bytes) {
        long before = used.getAndUpdate(now -> now + bytes <= most ? now + bytes : now);
        if (before + bytes > most) {
            return false;
        }
        if (!budget.take(bytes)) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes bytes or fails with RESOURCE_EXHAUSTED. */
    void require(long bytes) {
        if (!take(bytes)) {
            throw new ShimException(
                    ShimException.Code.RESOURCE_EXHAUSTED,
                    "the module needs " + bytes + " bytes at once: more than its limit of " + most
                            + " bytes, or than is left for all modules of this shim");
        }
    }

    /** Takes bytes that do not count against the module's own bound: what the runtime needs for it. */
    void requireOverhead(long bytes) {
        if (!budget.take(bytes)) {
            throw new ShimException(
                    ShimException.Code.RESOURCE_EXHAUSTED,
                    "no memory is left for a module of this size in the shim's process");
        }
        overhead.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
        budget.giveBack(bytes);
    }

    @Override
    public void close() {
        budget.giveBack(used.getAndSet(0) + overhead.getAndSet(0));
    }
}
