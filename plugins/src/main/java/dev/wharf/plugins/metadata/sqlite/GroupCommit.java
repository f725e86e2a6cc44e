package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer: a thread that takes changes from a bounded queue and commits those that wait together, so that they
 * share one fsync and no caller holds a lock over it.
 *
 * <p>Each change runs in a savepoint: when it fails, it alone is undone. When the commit itself fails, all of that group
 * fail; those that delete are made again with the {@link DiskReserve} if it was the disk that had no room.
 */
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private final Path file;
    private final Session session;
    private final SqliteFailures failures;
    private final DiskReserve reserve;
    private final int group;
    private final ReentrantLock memory;
    private final Consumer<Change> committed;
    private final BlockingQueue<PendingChange<?>> queue;
    private final PendingChange<Boolean> stop = new PendingChange<>(tx -> true, Change.NONE);
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean stopped;

    /**
     * A writer on {@code session}, which it closes in the end; {@code memory} is held while what was committed becomes
     * visible in memory, {@code committed} hears of each durable change.
     */
    GroupCommit(
            Path file,
            Session session,
            SqliteDatabase.Limits limits,
            ReentrantLock memory,
            Consumer<Change> committed) {
        this.file = file;
        this.session = session;
        this.failures = new SqliteFailures(file);
        this.reserve = new DiskReserve(file);
        this.group = limits.group();
        this.memory = memory;
        this.committed = committed;
        this.queue = new ArrayBlockingQueue<>(limits.queue(), true);
        this.thread = Thread.ofPlatform().name("metadata-writer").daemon().start(this::loop);
    }

    /** Makes a change and answers once it is durable. {@code late} is the kind of failure when the limit passes. */
    <T> T submit(Transaction.Work<T> work, Change change, Duration limit, ErrorKind late) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a transaction must not start another one");
        }
        PendingChange<T> pending = new PendingChange<>(work, change);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            enqueue(pending, limit, late);
            if (!pending.await(deadline - System.nanoTime())) {
                throw given(pending, late, "no answer within " + limit.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw given(pending, ErrorKind.CANCELLED, "interrupted");
        }
        return pending.result();
    }

    /** Makes all changes that wait, and no further ones. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!queue.offer(stop, CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS) || !thread.join(CLOSE_LIMIT)) {
                LOG.atError().addKeyValue("file", file).log("metadata writer does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enqueue(PendingChange<?> pending, Duration limit, ErrorKind late) throws InterruptedException {
        if (closing) {
            throw closed();
        }
        if (!queue.offer(pending, limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw given(
                    pending,
                    late,
                    "its queue of " + queue.size() + " changes was full for " + limit.toMillis() + " ms");
        }
        if (stopped) {
            refuseWaiting();
        }
    }

    private WharfException given(PendingChange<?> pending, ErrorKind kind, String why) {
        String outcome = pending.take() ? "the change was not made" : "the change may still be made";
        return kind.of("write metadata database " + file + ": " + why + "; " + outcome);
    }

    private WharfException closed() {
        return ErrorKind.UNAVAILABLE.of("metadata database " + file + " is closed");
    }

    private void loop() {
        try {
            List<PendingChange<?>> taken = new ArrayList<>(group);
            boolean more = true;
            while (more) {
                taken.clear();
                taken.add(next());
                queue.drainTo(taken, group - 1);
                more = !taken.remove(stop);
                commit(taken.stream().filter(PendingChange::take).toList());
            }
        } catch (InterruptedException e) {
            LOG.atError().setCause(e).log("metadata writer was interrupted");
        } finally {
            stopped = true;
            refuseWaiting();
            closeSession();
        }
    }

    /** Waits for a change; meanwhile, a reserve that was given up is taken again once there is room. */
    private PendingChange<?> next() throws InterruptedException {
        while (!reserve.isHeld()) {
            PendingChange<?> change = queue.poll(DiskReserve.PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            if (change != null) {
                return change;
            }
            reserve.restore();
        }
        return queue.take();
    }

    private void refuseWaiting() {
        PendingChange<?> waiting;
        while ((waiting = queue.poll()) != null) {
            waiting.fail(closed());
            waiting.finish();
        }
    }

    private void commit(List<PendingChange<?>> changes) {
        if (changes.isEmpty()) {
            return;
        }
        commitTogether(changes);
        List<PendingChange<?>> again =
                changes.stream().filter(PendingChange::canUseReserve).toList();
        if (!again.isEmpty() && reserve.release()) {
            again.forEach(PendingChange::again);
            commitTogether(again);
        }
        changes.forEach(this::finish);
        reserve.restore();
    }

    private void commitTogether(List<PendingChange<?>> changes) {
        try {
            session.executeKept("BEGIN IMMEDIATE");
            for (PendingChange<?> change : changes) {
                runAlone(change);
            }
            session.executeKept("COMMIT");
            remember(changes);
        } catch (SQLException e) {
            WharfException failure = failures.of("commit to", e);
            changes.forEach(change -> change.fail(failure));
            rollback();
        }
    }

    /** Nobody sees a part of what was committed together. */
    private void remember(List<PendingChange<?>> changes) {
        memory.lock();
        try {
            changes.stream()
                    .filter(change -> !change.failed())
                    .forEach(change -> change.inMemory().forEach(Runnable::run));
        } finally {
            memory.unlock();
        }
    }

    // The root of all work on this thread: whatever a change throws belongs to its caller and must not end the thread.
    private void runAlone(PendingChange<?> change) throws SQLException {
        session.executeKept("SAVEPOINT change");
        try {
            change.run(session);
            session.executeKept("RELEASE change");
        } catch (SQLException e) {
            change.fail(failures.of("write", e));
            undo();
        } catch (RuntimeException e) {
            change.fail(e);
            undo();
        } catch (Error e) {
            change.fail(ErrorKind.INTERNAL.of("write metadata database " + file, e));
            undo();
        }
    }

    private void undo() throws SQLException {
        session.executeKept("ROLLBACK TO change");
        session.executeKept("RELEASE change");
    }

    private void rollback() {
        try {
            session.executeKept("ROLLBACK");
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("SQLite had rolled back by itself");
        }
    }

    private void finish(PendingChange<?> change) {
        if (!change.failed()) {
            change.afterCommit().forEach(GroupCommit::runSafely);
            runSafely(() -> committed.accept(change.change()));
        }
        change.finish();
    }

    private static void runSafely(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("an action after a commit failed");
        }
    }

    private void closeSession() {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.atError().addKeyValue("file", file).setCause(e).log("metadata database did not close cleanly");
        }
    }
}
