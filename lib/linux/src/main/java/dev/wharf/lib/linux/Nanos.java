package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Timeouts as nanoseconds and as struct timespec. */
final class Nanos {
    /** Longest wait: a century, far from where sums with {@link System#nanoTime()} overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final long PER_SECOND = 1_000_000_000L;

    private Nanos() {}

    /** The duration, within 0 and a century. */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }

    /** Stores nanoseconds as struct timespec. */
    static void put(MemorySegment timespec, long nanos) {
        timespec.setAtIndex(JAVA_LONG, 0, nanos / PER_SECOND);
        timespec.setAtIndex(JAVA_LONG, 1, nanos % PER_SECOND);
    }
}
