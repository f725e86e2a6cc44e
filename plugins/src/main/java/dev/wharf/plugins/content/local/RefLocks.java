package dev.wharf.plugins.content.local;

import dev.wharf.core.error.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which refs have a writer, and since when. */
final class RefLocks {
    private final InstantSource clock;

    /** Guards {@link #since}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Instant> since = new HashMap<>();

    RefLocks(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes the ref for one writer; {@code UNAVAILABLE} when another has it. */
    void take(String ref) {
        Instant now = clock.instant();
        @Nullable Instant taken;
        lock.lock();
        try {
            taken = since.putIfAbsent(ref, now);
        } finally {
            lock.unlock();
        }
        if (taken != null) {
            long millis = Duration.between(taken, now).toMillis();
            throw ErrorKind.UNAVAILABLE.of("ref " + ref + " locked for " + millis + "ms (since " + taken + ")");
        }
    }

    void release(String ref) {
        lock.lock();
        try {
            since.remove(ref);
        } finally {
            lock.unlock();
        }
    }
}
