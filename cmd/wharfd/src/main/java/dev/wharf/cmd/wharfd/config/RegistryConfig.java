package dev.wharf.cmd.wharfd.config;

import java.time.Duration;

/**
 * {@code [plugins.'io.containerd.transfer.v1.local'.registry]}: how long the daemon waits for a registry. Keys of our
 * own; containerd has none.
 *
 * @param connectTimeout for a connection to stand
 * @param answerTimeout for an answer to begin
 * @param idleTimeout for more bytes of one to come
 * @param leastRate the least bytes a second, measured over {@code rateWindow}; 0 for no such bound
 * @param rateWindow over how much waiting the rate is measured
 * @param attempts how often a request is made to the last host there is
 */
public record RegistryConfig(
        Duration connectTimeout,
        Duration answerTimeout,
        Duration idleTimeout,
        int leastRate,
        Duration rateWindow,
        int attempts) {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final int MOST_ATTEMPTS = 100;

    static RegistryConfig read(Section section) {
        return new RegistryConfig(
                positive(section, "connect_timeout", USUAL),
                positive(section, "answer_timeout", USUAL),
                positive(section, "idle_timeout", USUAL),
                section.integer("least_rate", 1 << 10, 0, Integer.MAX_VALUE),
                positive(section, "rate_window", Duration.ofMinutes(1)),
                section.integer("attempts", 5, 1, MOST_ATTEMPTS));
    }

    private static Duration positive(Section section, String key, Duration fallback) {
        Duration given = section.duration(key, fallback);
        if (given.isZero()) {
            section.problems().error(section.at(key), section.name(key), "must not be zero: every wait has an end");
            return fallback;
        }
        return given;
    }
}
