package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.snapshots.Snapshotter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects garbage in the metadata database, and the bytes of what went in the blob store and in snapshotters.
 *
 * <p>Rows go first, in one transaction; bytes follow, outside of it. A thread of its own runs one collection at a time
 * when the schedule says so; it hears of every change of the database.
 */
public final class SqliteGarbageCollector implements GarbageCollector, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteGarbageCollector.class);

    /** How long a caller waits for a collection. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Snapshotters take a namespace with every call; cleaning up concerns all of them. */
    private static final Context EVERYWHERE = Context.of("default");

    private final SqliteDatabase database;
    private final SqliteContentStore content;
    private final Supplier<Map<String, Snapshotter>> snapshotters;
    private final InstantSource clock;
    private final Sweep sweep;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turn = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private final GcSchedule schedule;

    /** Number of runs that began, and of those that ended; guarded by {@link #lock}. */
    private long begun;

    private long ended;

    /** How the last run ended: one of both is set once a run has; guarded by {@link #lock}. */
    private @Nullable Result lastResult;

    private @Nullable WharfException lastFailure;

    /** Guarded by {@link #lock}. */
    private boolean closed;

    /** Whether leftovers of an earlier daemon were looked for; used by {@link #thread} only. */
    private boolean cleanedOnce;

    /**
     * A collector, not running yet.
     *
     * @param content the only content store above its blob store
     * @param snapshotters all snapshotters by id; asked at each run
     */
    public SqliteGarbageCollector(
            SqliteDatabase database,
            SqliteContentStore content,
            Supplier<Map<String, Snapshotter>> snapshotters,
            EventBus events,
            InstantSource clock,
            GcSettings settings) {
        this.database = database;
        this.content = content;
        this.snapshotters = snapshotters;
        this.clock = clock;
        this.sweep = new Sweep(events, database.leftovers(), database.images());
        this.schedule = new GcSchedule(settings, System.nanoTime());
        this.thread = Thread.ofPlatform().name("gc").daemon().unstarted(this::loop);
    }

    /** Starts collecting by schedule. */
    public void start() {
        database.listen(this::changed);
        thread.start();
    }

    @Override
    public Result collect() {
        lock.lock();
        try {
            long wanted = begun + 1;
            schedule.asked(System.nanoTime());
            turn.signalAll();
            long left = LIMIT.toNanos();
            while (ended < wanted) {
                if (closed || !thread.isAlive()) {
                    throw ErrorKind.UNAVAILABLE.of("the garbage collector is not running");
                }
                if (left <= 0) {
                    throw ErrorKind.UNAVAILABLE.of("garbage collection does not end");
                }
                left = turn.awaitNanos(left);
            }
            return outcome();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait for garbage collection");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void schedule() {
        changed(Change.DELETION);
    }

    /** Ends the thread, after the run that it may be in. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            turn.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(LIMIT)) {
                LOG.error("garbage collection does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Result outcome() {
        if (lastFailure != null) {
            throw lastFailure.during("garbage collection");
        }
        if (lastResult == null) {
            throw new IllegalStateException("no collection has ended");
        }
        return lastResult;
    }

    private void changed(Change change) {
        lock.lock();
        try {
            schedule.changed(change, System.nanoTime());
            turn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        while (awaitTurn()) {
            long start = System.nanoTime();
            try {
                Run run = run();
                long now = System.nanoTime();
                finish(new Result(run.removed(), Duration.ofNanos(now - start)), null, run.pause());
            } catch (WharfException e) {
                LOG.atError().setCause(e).log("garbage collection failed");
                finish(null, e, 0);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("garbage collection failed");
                finish(null, ErrorKind.INTERNAL.of("collect", e), 0);
            }
        }
    }

    /** Waits until a run is due and takes note that it begins; false when there is to be none. */
    private boolean awaitTurn() {
        lock.lock();
        try {
            while (!closed) {
                OptionalLong due = schedule.due();
                if (due.isEmpty()) {
                    turn.await();
                } else if (due.getAsLong() - System.nanoTime() <= 0) {
                    schedule.begins();
                    begun++;
                    return true;
                } else {
                    long left = turn.awaitNanos(due.getAsLong() - System.nanoTime());
                    LOG.atTrace().addKeyValue("left", left).log("woken");
                }
            }
            return false;
        } catch (InterruptedException e) {
            LOG.atError().setCause(e).log("garbage collector was interrupted");
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void finish(@Nullable Result result, @Nullable WharfException failure, long pause) {
        lock.lock();
        try {
            ended = begun;
            lastResult = result;
            lastFailure = failure;
            if (failure == null) {
                schedule.succeeded(System.nanoTime(), pause);
            } else {
                schedule.failed(System.nanoTime());
            }
            turn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a run did.
     *
     * @param removed number of objects
     * @param pause how long it kept writers waiting, in nanoseconds
     */
    private record Run(int removed, long pause) {}

    private Run run() {
        Run run = database.write(Change.COLLECTION, tx -> {
            long start = System.nanoTime();
            int removed = sweep.run(tx, clock.instant());
            return new Run(removed, System.nanoTime() - start);
        });
        Leftovers.Places places = database.leftovers().take();
        Map<String, Snapshotter> known = snapshotters.get();
        List<Runnable> cleaning = new ArrayList<>();
        known.forEach((name, snapshotter) -> {
            if (!cleanedOnce || places.snapshotters().contains(name)) {
                cleaning.add(() -> cleanSnapshotter(name, snapshotter));
            }
        });
        if (!cleanedOnce || places.content()) {
            cleaning.add(this::cleanContent);
        }
        cleanedOnce = true;
        runAll(cleaning);
        return run;
    }

    /** Failures here leave rubbish on disk, no wrong state: they are told, and tried again at the next run. */
    private void cleanSnapshotter(String name, Snapshotter snapshotter) {
        try {
            snapshotter.cleanup(EVERYWHERE);
        } catch (RuntimeException e) {
            if (e instanceof WharfException known && known.kind() == ErrorKind.NOT_IMPLEMENTED) {
                return;
            }
            LOG.atWarn().addKeyValue("snapshotter", name).setCause(e).log("cleaning up snapshots failed");
            database.leftovers().snapshotter(name);
        }
    }

    private void cleanContent() {
        try {
            int removed = content.removeUnknown();
            LOG.atDebug().addKeyValue("removed", removed).log("cleaned up content");
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("cleaning up content failed");
            database.leftovers().content();
        }
    }

    private static void runAll(List<Runnable> tasks) {
        List<Thread> threads =
                tasks.stream().map(task -> Thread.ofVirtual().start(task)).toList();
        for (Thread task : threads) {
            try {
                task.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ErrorKind.CANCELLED.of("wait for cleaning up");
            }
        }
    }
}
