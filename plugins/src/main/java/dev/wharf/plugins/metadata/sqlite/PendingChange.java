package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A transaction on its way through the writer thread, and what its caller waits for. */
final class PendingChange<T> {
    private final Transaction.Work<T> work;
    private final Change change;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private List<Runnable> inMemory = List.of();
    private List<Runnable> afterCommit = List.of();

    /** Written before {@link #done} is counted down, read after. */
    private @Nullable T result;

    private @Nullable RuntimeException failure;

    PendingChange(Transaction.Work<T> work, Change change) {
        this.work = work;
        this.change = change;
    }

    /** Takes the change, for the writer to make it or for the caller to give it up; false when the other was first. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    void run(Session session) throws SQLException {
        Transaction tx = new Transaction(session);
        result = work.run(tx);
        inMemory = tx.inMemory();
        afterCommit = tx.afterCommit();
    }

    /** Keeps the first failure. */
    void fail(RuntimeException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Whether it is to be made again with the room kept for such changes, as it failed for want of room. */
    boolean canUseReserve() {
        return change.makesRoom()
                && failure instanceof WharfException known
                && known.kind() == ErrorKind.RESOURCE_EXHAUSTED;
    }

    /** Forgets its failure, to be made again. */
    void again() {
        failure = null;
        inMemory = List.of();
        afterCommit = List.of();
    }

    boolean failed() {
        return failure != null;
    }

    Change change() {
        return change;
    }

    List<Runnable> inMemory() {
        return inMemory;
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }

    void finish() {
        done.countDown();
    }

    boolean await(long nanos) throws InterruptedException {
        return done.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** What the work answered, once finished. */
    T result() {
        if (failure != null) {
            throw failure;
        }
        if (result == null) {
            throw new IllegalStateException("the change has not been made");
        }
        return result;
    }
}
