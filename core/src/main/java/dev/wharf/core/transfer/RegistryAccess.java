package dev.wharf.core.transfer;

import java.util.Map;
import java.util.Optional;

/**
 * How to reach a registry, as a client asks for it.
 *
 * @param headers sent with each request
 * @param hostDir the directory of hosts.toml files, or empty
 * @param defaultScheme {@code http}, {@code https} or empty
 * @param credentials who proves who asks
 */
public record RegistryAccess(
        Map<String, String> headers, String hostDir, String defaultScheme, CredentialSource credentials) {
    /** Nothing special, nobody's credentials. */
    public static final RegistryAccess PLAIN =
            new RegistryAccess(Map.of(), "", "", (host, reference) -> Optional.empty());

    public RegistryAccess {
        headers = Map.copyOf(headers);
    }

    /** Where credentials come from. */
    @FunctionalInterface
    public interface CredentialSource {
        /** The credentials for a host, if there are any. May ask the client and wait for it. */
        Optional<Secret> of(String host, String reference);
    }

    /**
     * What proves who asks.
     *
     * @param user the name; empty when the secret is a refresh token
     * @param value the password or token
     */
    public record Secret(String user, String value) {
        /** Without the secret, so that it reaches no log. */
        @Override
        public String toString() {
            return "Secret[user=" + user + "]";
        }
    }
}
