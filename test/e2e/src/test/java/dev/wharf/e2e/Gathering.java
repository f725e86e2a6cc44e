package dev.wharf.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Does the same many times at once. */
final class Gathering {
    private Gathering() {}

    /** Runs the work of each number from 0 on a thread of its own, all let loose together; answers in that order. */
    static <T> List<T> of(int count, IntFunction<T> work) {
        CountDownLatch gate = new CountDownLatch(1);
        List<Future<T>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit((Callable<T>) () -> {
                    gate.await();
                    return work.apply(number);
                }));
            }
            gate.countDown();
        }
        return running.stream().map(Gathering::result).toList();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
