package dev.wharf.plugins.metadata.sqlite;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides when the next collection is due. A plain calculation over moments of one monotonic clock, in nanoseconds; not
 * safe for several threads.
 *
 * <p>Collections asked for, and those that a number of deletions demands, come after the schedule delay. Others follow the
 * last one at an interval that keeps the share of time spent within the pause threshold, and only when there was a
 * deletion or enough changes since.
 */
final class GcSchedule {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(5);
    private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final GcSettings settings;
    private final long start;
    private OptionalLong urgentSince = OptionalLong.empty();
    private OptionalLong lastEnd = OptionalLong.empty();
    private boolean failed;
    private long interval = FIRST_INTERVAL.toNanos();
    private long pauses;
    private long runs;
    private int deletions;
    private int mutations;

    GcSchedule(GcSettings settings, long now) {
        this.settings = settings;
        this.start = now;
    }

    /** Somebody asked for a collection. */
    void asked(long now) {
        urgent(now);
    }

    /** Something was changed or deleted. */
    void changed(Change change, long now) {
        if (change == Change.NONE || change == Change.COLLECTION) {
            return;
        }
        mutations++;
        if (change == Change.DELETION) {
            deletions++;
        }
        if (settings.deletionThreshold() > 0 && deletions >= settings.deletionThreshold()) {
            urgent(now);
        }
    }

    /** A collection begins; what is counted from here on is for the one after it. */
    void begins() {
        urgentSince = OptionalLong.empty();
        deletions = 0;
        mutations = 0;
    }

    /** It ended well, having kept writers waiting for {@code pause} nanoseconds. */
    void succeeded(long now, long pause) {
        failed = false;
        lastEnd = OptionalLong.of(now);
        pauses += pause;
        runs++;
        if (settings.pauseThreshold() > 0) {
            double average = Math.max(LEAST_PAUSE.toNanos(), (double) pauses / runs);
            interval = (long) (average / settings.pauseThreshold() - average);
        }
    }

    /** It failed, and is to be tried again. */
    void failed(long now) {
        failed = true;
        lastEnd = OptionalLong.of(now);
    }

    /** When the next one is due; empty while nothing calls for one. */
    OptionalLong due() {
        OptionalLong due = byTime();
        if (urgentSince.isEmpty()) {
            return due;
        }
        long urgent = urgentSince.getAsLong() + settings.scheduleDelay().toNanos();
        return due.isPresent() && due.getAsLong() - urgent < 0 ? due : OptionalLong.of(urgent);
    }

    private OptionalLong byTime() {
        if (failed) {
            return OptionalLong.of(lastEnd.orElse(start) + interval + RETRY.toNanos());
        }
        boolean startup = lastEnd.isEmpty() && settings.startupDelay().isPositive();
        if (startup) {
            return OptionalLong.of(start + settings.startupDelay().toNanos());
        }
        boolean enough = settings.mutationThreshold() > 0 && mutations >= settings.mutationThreshold();
        if (deletions == 0 && !enough) {
            return OptionalLong.empty();
        }
        return lastEnd.isPresent() ? OptionalLong.of(lastEnd.getAsLong() + interval) : OptionalLong.of(start);
    }

    private void urgent(long now) {
        if (urgentSince.isEmpty()) {
            urgentSince = OptionalLong.of(now);
        }
    }
}
