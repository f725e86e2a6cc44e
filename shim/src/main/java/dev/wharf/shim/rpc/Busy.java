package dev.wharf.shim.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts calls under way during which the process must not end. */
public final class Busy {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();

    /** Whether none is under way. */
    public boolean isIdle() {
        return calls.get() == 0;
    }

    /** Runs it once none is under way, at once or after the last one; a later one takes the place of an earlier one. */
    public void onceIdle(Runnable action) {
        waiting.set(action);
        if (isIdle()) {
            runWaiting();
        }
    }

    private void runWaiting() {
        Runnable action = waiting.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }

    <Q, A> Method<Q, A> during(Method<Q, A> method) {
        return (call, request) -> {
            calls.incrementAndGet();
            try {
                return method.call(call, request);
            } finally {
                if (calls.decrementAndGet() == 0) {
                    runWaiting();
                }
            }
        };
    }
}
