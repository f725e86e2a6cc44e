package dev.wharf.lib.registry;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How to talk to registries.
 *
 * @param userAgent sent with each request, e.g. {@code containerd/2.1.0}
 * @param clientId the name this client has in the OAuth2 flow
 * @param connectTimeout for a connection to stand
 * @param requestTimeout for the header of an answer to come
 * @param idleTimeout for more bytes of a body to come while somebody waits for them
 * @param attempts how often one request is tried in all
 * @param longestRetryAfter the longest wait a registry can ask for before the request counts as failed
 * @param maxManifestBytes bound of a manifest or index
 * @param clock for the life of tokens
 * @param pause how to wait between attempts
 */
public record RegistryOptions(
        String userAgent,
        String clientId,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration idleTimeout,
        int attempts,
        Duration longestRetryAfter,
        int maxManifestBytes,
        InstantSource clock,
        Pause pause) {
    private static final int FOUR_MIB = 4 << 20;

    public RegistryOptions {
        if (attempts < 1 || maxManifestBytes < 1) {
            throw new IllegalArgumentException("attempts and manifest bytes must be positive");
        }
    }

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        /** Waits that long. */
        void of(Duration time) throws InterruptedException;
    }

    /** The usual bounds: 30 s to connect, to answer and between bytes, 5 attempts, manifests of 4 MiB. */
    public static RegistryOptions of(String userAgent) {
        Duration usual = Duration.ofSeconds(30);
        return new RegistryOptions(
                userAgent,
                "containerd-client",
                usual,
                usual,
                usual,
                5,
                Duration.ofMinutes(1),
                FOUR_MIB,
                InstantSource.system(),
                Thread::sleep);
    }

    /** The same with another pause between attempts. */
    public RegistryOptions withPause(Pause other) {
        return new RegistryOptions(
                userAgent,
                clientId,
                connectTimeout,
                requestTimeout,
                idleTimeout,
                attempts,
                longestRetryAfter,
                maxManifestBytes,
                clock,
                other);
    }

    /** The same with other deadlines for an answer and between bytes. */
    public RegistryOptions withTimeouts(Duration request, Duration idle) {
        return new RegistryOptions(
                userAgent,
                clientId,
                connectTimeout,
                request,
                idle,
                attempts,
                longestRetryAfter,
                maxManifestBytes,
                clock,
                pause);
    }
}
