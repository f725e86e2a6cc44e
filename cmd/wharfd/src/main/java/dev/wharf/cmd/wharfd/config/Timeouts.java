package dev.wharf.cmd.wharfd.config;

import java.time.Duration;

/**
 * {@code [timeouts]}: how long calls that leave the daemon may take.
 *
 * @param boltOpen opening the metadata store; zero for no limit
 * @param criDeferCleanup cleaning up after a failed CRI call; nothing here uses it yet
 * @param metricsShimStats one shim's numbers for Prometheus; nothing here uses it yet
 * @param shimCleanup a shim binary's delete command
 * @param shimLoad taking one shim back when the daemon starts
 * @param shimShutdown a shim's own shutdown
 * @param taskState one shim's state while tasks are listed
 */
public record Timeouts(
        Duration boltOpen,
        Duration criDeferCleanup,
        Duration metricsShimStats,
        Duration shimCleanup,
        Duration shimLoad,
        Duration shimShutdown,
        Duration taskState) {
    private static final String PREFIX = "io.containerd.timeout.";

    static Timeouts read(Section section) {
        return new Timeouts(
                section.duration(PREFIX + "bolt.open", Duration.ZERO),
                section.duration(PREFIX + "cri.defercleanup", Duration.ofMinutes(1)),
                section.duration(PREFIX + "metrics.shimstats", Duration.ofSeconds(2)),
                section.duration(PREFIX + "shim.cleanup", Duration.ofSeconds(5)),
                section.duration(PREFIX + "shim.load", Duration.ofSeconds(5)),
                section.duration(PREFIX + "shim.shutdown", Duration.ofSeconds(3)),
                section.duration(PREFIX + "task.state", Duration.ofSeconds(2)));
    }
}
