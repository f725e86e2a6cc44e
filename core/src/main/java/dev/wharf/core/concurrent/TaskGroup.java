package dev.wharf.core.concurrent;

import dev.wharf.core.error.ErrorKind;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that belong together: the first that fails ends all, and nobody goes on before all have ended.
 *
 * <p>Each has a virtual thread of its own and may start others; how many run is bounded by what starts them. They are
 * told to end by an interrupt.
 */
public final class TaskGroup implements AutoCloseable {
    private final ExecutorService threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private int running;

    /** The first failure. Guarded by lock. */
    private @Nullable Throwable failure;

    /** A group without tasks. */
    public TaskGroup(String name) {
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
    }

    /** Starts a task; {@code CANCELLED} when the group is ending. */
    public void start(Runnable task) {
        changeRunning(1);
        try {
            threads.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            changeRunning(-1);
            throw ErrorKind.CANCELLED.of("start another task", e);
        }
    }

    /** Waits until no task runs; throws the first failure once all have ended, {@code CANCELLED} when interrupted. */
    public void join() {
        Throwable first;
        lock.lock();
        try {
            while (running > 0 && failure == null) {
                changed.await();
            }
            first = failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            first = ErrorKind.CANCELLED.of("wait for a transfer's tasks", e);
        } finally {
            lock.unlock();
        }
        if (first != null) {
            close();
            rethrow(first);
        }
    }

    /** Interrupts the tasks that run and waits until they have ended, whether interrupted itself or not. */
    @Override
    public void close() {
        threads.shutdownNow();
        Uninterrupted.run(this::awaitEnd);
    }

    private void awaitEnd() {
        try {
            // A task blocked where no interrupt reaches it must not block the request for ever.
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            failed(failed);
        } finally {
            changeRunning(-1);
        }
    }

    private void failed(Throwable failed) {
        lock.lock();
        try {
            if (failure == null) {
                failure = failed;
            }
        } finally {
            lock.unlock();
        }
    }

    private void changeRunning(int by) {
        lock.lock();
        try {
            running += by;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw ErrorKind.INTERNAL.of("run a task", failure);
        }
    }
}
