package dev.wharf.lib.registry;

import java.util.Optional;

/**
 * What proves who asks.
 *
 * @param user the name; empty when the secret is a refresh token of the OAuth2 flow
 * @param secret the password or token
 */
public record Credentials(String user, String secret) {
    /** Where credentials come from. */
    @FunctionalInterface
    public interface Provider {
        /** Nobody has credentials. */
        Provider NONE = host -> Optional.empty();

        /** The credentials for a registry by its host as in image names ({@code docker.io} for Docker Hub), or for a mirror by
         * its own host and port; empty for anonymous. May block. */
        Optional<Credentials> forHost(String host);
    }

    /** Without the secret, so that it reaches no log. */
    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}
