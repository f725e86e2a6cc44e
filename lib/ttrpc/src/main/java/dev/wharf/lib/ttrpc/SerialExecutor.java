package dev.wharf.lib.ttrpc;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs the callbacks of one call one after another, in order, on another executor. */
final class SerialExecutor implements Executor {
    /** A new virtual thread for each burst of callbacks: what calls use when nobody gave them an executor. */
    static final Executor VIRTUAL =
            task -> Thread.ofVirtual().name("ttrpc-call").start(task);

    private final Executor target;
    private final ReentrantLock lock = new ReentrantLock(); // guards tasks and running
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(4);
    private boolean running;

    SerialExecutor(Executor target) {
        this.target = target;
    }

    @Override
    public void execute(Runnable task) {
        if (add(task)) {
            boolean started = false;
            try {
                target.execute(this::runAll);
                started = true;
            } finally {
                if (!started) {
                    stopped();
                }
            }
        }
    }

    /** No thread could be had: the next task tries again, and runs what waits before itself. */
    private void stopped() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Runnable task) {
        lock.lock();
        try {
            tasks.add(task);
            boolean start = !running;
            running = true;
            return start;
        } finally {
            lock.unlock();
        }
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error escaped) {
                // Callbacks report their own failures; what still comes here must not stop the ones that follow.
                report(escaped);
            }
        }
    }

    private static void report(Throwable escaped) {
        try {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, escaped);
        } catch (RuntimeException | Error unreported) {
            // Without memory or stack even this fails, and the callbacks that follow still have to run.
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable task = tasks.poll();
            running = task != null;
            return task;
        } finally {
            lock.unlock();
        }
    }
}
