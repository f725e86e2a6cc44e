package dev.wharf.shim.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts calls under way during which the process must not end. */
public final class Busy {
    private final AtomicInteger calls = new AtomicInteger();

    /** Whether none is under way. */
    public boolean isIdle() {
        return calls.get() == 0;
    }

    <Q, A> Method<Q, A> during(Method<Q, A> method) {
        return (call, request) -> {
            calls.incrementAndGet();
            try {
                return method.call(call, request);
            } finally {
                calls.decrementAndGet();
            }
        };
    }
}
