package dev.wharf.lib.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Running something on a platform thread of its own, which ends with it. */
public final class PlatformThread {
    private PlatformThread() {}

    /**
     * Runs the task on a new platform thread and waits for it; a waiting virtual thread leaves its carrier.
     *
     * <p>When the waiting thread is interrupted, the task's thread is interrupted too and waited for, as what it uses
     * may belong to the caller; the interrupt is then set again.
     *
     * @throws Exception what the task threw
     */
    public static <T> T call(String name, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = Thread.ofPlatform().daemon().name(name).start(future);
        join(thread);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw unwrap(e);
        }
    }

    /** Runs it here on a platform thread, and on one of its own when called from a virtual thread. */
    static <T> T callBlocking(String name, Supplier<T> task) {
        return Thread.currentThread().isVirtual() ? supply(name, task) : task.get();
    }

    /** The same as {@link #call} for a task without checked exceptions. */
    static <T> T supply(String name, Supplier<T> task) {
        try {
            return call(name, task::get);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("a supplier throws no checked exception", e);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Exception unwrap(ExecutionException e) {
        return switch (e.getCause()) {
            case Exception cause -> cause;
            case Error error -> throw error;
            case null, default -> e;
        };
    }
}
