package dev.wharf.plugins.metadata.sqlite;

import java.time.Duration;

/**
 * When the collector runs; the settings of containerd's {@code io.containerd.gc.v1.scheduler}.
 *
 * @param pauseThreshold the share of time that may be spent collecting, 0 to 0.5; 0: wait a second between runs
 * @param deletionThreshold the number of deletions after which a run is due at once, 0 for never
 * @param mutationThreshold the number of changes after which a run is due, 0 for never
 * @param scheduleDelay how long after it is due a run begins
 * @param startupDelay how long after the start the first run begins, 0 for no run at the start
 */
public record GcSettings(
        double pauseThreshold,
        int deletionThreshold,
        int mutationThreshold,
        Duration scheduleDelay,
        Duration startupDelay) {
    public static final GcSettings DEFAULT = new GcSettings(0.02, 0, 100, Duration.ZERO, Duration.ofMillis(100));

    public GcSettings {
        pauseThreshold = Math.clamp(pauseThreshold, 0.0, 0.5);
        deletionThreshold = Math.max(0, deletionThreshold);
        mutationThreshold = Math.max(0, mutationThreshold);
        scheduleDelay = scheduleDelay.isNegative() ? Duration.ZERO : scheduleDelay;
        startupDelay = startupDelay.isNegative() ? Duration.ZERO : startupDelay;
    }
}
