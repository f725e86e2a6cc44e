package dev.wharf.cmd.wharfd.config;

import java.time.Duration;

/**
 * {@code io.containerd.gc.v1.scheduler}: when garbage is collected.
 *
 * @param pauseThreshold the share of time that collecting may take, from 0 to 0.5
 * @param deletionThreshold deletions after which a run is due; 0: never for that reason
 * @param mutationThreshold changes after which a run is due, if there was a deletion; 0: never for that reason
 * @param scheduleDelay least time between the event that makes a run due and the run
 * @param startupDelay time between the start of the daemon and the first run
 */
public record GcConfig(
        double pauseThreshold,
        int deletionThreshold,
        int mutationThreshold,
        Duration scheduleDelay,
        Duration startupDelay) {
    static GcConfig read(Section section) {
        return new GcConfig(
                Math.clamp(section.fraction("pause_threshold", 0.02), 0, 0.5),
                section.integer("deletion_threshold", 0, 0, Integer.MAX_VALUE),
                section.integer("mutation_threshold", 100, 0, Integer.MAX_VALUE),
                section.duration("schedule_delay", Duration.ZERO),
                section.duration("startup_delay", Duration.ofMillis(100)));
    }
}
