package dev.wharf.lib.registry;

import dev.wharf.lib.registry.proxy.ProxySettings;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How to talk to registries.
 *
 * @param userAgent sent with each request, e.g. {@code containerd/2.1.0}
 * @param clientId the name this client has in the OAuth2 flow
 * @param deadlines how long things may take
 * @param retries how often a request is tried
 * @param ranges how large blobs are fetched
 * @param maxManifestBytes bound of a manifest or index
 * @param proxies through whom requests go
 * @param clock for the life of tokens
 * @param pause how to wait between attempts
 */
public record RegistryOptions(
        String userAgent,
        String clientId,
        Deadlines deadlines,
        Retries retries,
        Ranges ranges,
        int maxManifestBytes,
        ProxySettings proxies,
        InstantSource clock,
        Pause pause) {
    /** The bound containerd has, as its constant is written. */
    private static final int MANIFEST_BYTES = 4 * 1048 * 1048;

    public RegistryOptions {
        check(maxManifestBytes > 0, "manifest bytes must be positive");
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * How long things may take.
     *
     * @param connect for a connection to stand
     * @param answer for the header of an answer to come, and once more for the body of a small document
     * @param idle for more bytes of a body to come while somebody waits for them
     * @param bytesPerSecond the least a body must bring over {@code rateWindow} of waiting; 0 for no such bound
     * @param rateWindow over how much waiting the rate is measured
     */
    public record Deadlines(
            Duration connect, Duration answer, Duration idle, long bytesPerSecond, Duration rateWindow) {
        public Deadlines {
            check(
                    connect.isPositive() && answer.isPositive() && idle.isPositive() && rateWindow.isPositive(),
                    "deadlines must be positive");
            check(bytesPerSecond >= 0, "the least rate must not be negative");
        }
    }

    /**
     * How often a request is tried.
     *
     * @param attempts in all, at the last host there is; another host is tried once
     * @param longestRetryAfter the longest wait a registry can ask for before the request counts as failed
     */
    public record Retries(int attempts, Duration longestRetryAfter) {
        public Retries {
            check(attempts > 0, "attempts must be positive");
        }
    }

    /**
     * How large blobs are fetched: in pieces at the same time. Memory for one blob is bounded by bytes times parallel.
     *
     * @param bytes of a piece; a blob of less than two is fetched whole
     * @param parallel pieces at once; 1 for none
     */
    public record Ranges(int bytes, int parallel) {
        /** Blobs are fetched whole. */
        public static final Ranges OFF = new Ranges(1 << 20, 1);

        private static final int SMALLEST = 512;
        private static final int MOST = 64;

        public Ranges {
            check(bytes >= SMALLEST, "a range must have at least " + SMALLEST + " bytes");
            check(parallel > 0 && parallel <= MOST, "parallel ranges must be 1 to " + MOST);
        }
    }

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        /** Waits that long. */
        void of(Duration time) throws InterruptedException;
    }

    /**
     * The usual bounds: 30 s to connect, to answer and between bytes, 1 KiB/s over a minute of waiting, 5 attempts, blobs
     * fetched whole, no proxy.
     */
    public static RegistryOptions of(String userAgent) {
        Duration usual = Duration.ofSeconds(30);
        return new RegistryOptions(
                userAgent,
                "containerd-client",
                new Deadlines(usual, usual, usual, 1 << 10, Duration.ofMinutes(1)),
                new Retries(5, Duration.ofMinutes(1)),
                Ranges.OFF,
                MANIFEST_BYTES,
                ProxySettings.NONE,
                InstantSource.system(),
                Thread::sleep);
    }

    /** The same with another pause between attempts. */
    public RegistryOptions withPause(Pause other) {
        return new RegistryOptions(
                userAgent, clientId, deadlines, retries, ranges, maxManifestBytes, proxies, clock, other);
    }

    /** The same with other deadlines for an answer and between bytes. */
    public RegistryOptions withTimeouts(Duration answer, Duration idle) {
        return withDeadlines(
                new Deadlines(deadlines.connect, answer, idle, deadlines.bytesPerSecond, deadlines.rateWindow));
    }

    /** The same with other deadlines. */
    public RegistryOptions withDeadlines(Deadlines other) {
        return new RegistryOptions(
                userAgent, clientId, other, retries, ranges, maxManifestBytes, proxies, clock, pause);
    }

    /** The same with other retries. */
    public RegistryOptions withRetries(Retries other) {
        return new RegistryOptions(
                userAgent, clientId, deadlines, other, ranges, maxManifestBytes, proxies, clock, pause);
    }

    /** The same with large blobs fetched otherwise. */
    public RegistryOptions withRanges(Ranges other) {
        return new RegistryOptions(
                userAgent, clientId, deadlines, retries, other, maxManifestBytes, proxies, clock, pause);
    }

    /** The same through other proxies. */
    public RegistryOptions withProxies(ProxySettings other) {
        return new RegistryOptions(
                userAgent, clientId, deadlines, retries, ranges, maxManifestBytes, other, clock, pause);
    }
}
