package dev.wharf.lib.registry.tls;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a host is spoken to over TLS, as configured; the files are read when a connection is made.
 *
 * @param authorities PEM files of certificates believed besides the system's
 * @param clients certificates of this client; the first the server takes is used
 * @param skipVerify whether the server's certificate and name are believed unseen; null when nobody said so
 */
public record HostTls(
        List<Path> authorities,
        List<ClientPair> clients,
        @Nullable Boolean skipVerify) {
    /** Nothing configured: the system's authorities, no client certificate. */
    public static final HostTls USUAL = new HostTls(List.of(), List.of(), null);

    /** No authority is needed, nothing is verified. */
    public static final HostTls UNVERIFIED = new HostTls(List.of(), List.of(), true);

    public HostTls {
        authorities = List.copyOf(authorities);
        clients = List.copyOf(clients);
    }

    /**
     * A client certificate and its key.
     *
     * @param certificate PEM file of the certificate, then those of its issuers
     * @param key PEM file of the key; null when it is in the same file
     */
    public record ClientPair(Path certificate, @Nullable Path key) {
        /** Where the key is. */
        public Path keyFile() {
            return key == null ? certificate : key;
        }
    }

    /** Whether the server's certificate is believed unseen. */
    public boolean skipsVerification() {
        return Boolean.TRUE.equals(skipVerify);
    }

    /** Whether anything is configured; an http host with TLS settings is then tried by TLS first. */
    public boolean isExplicit() {
        return skipVerify != null || !authorities.isEmpty() || !clients.isEmpty();
    }
}
