package dev.wharf.lib.registry.proxy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy.
 *
 * @param host its name or address
 * @param port where it listens
 * @param user for basic authentication, or null
 * @param password for basic authentication; empty when there is none
 */
public record ProxyAddress(String host, int port, @Nullable String user, String password) {
    private static final int USUAL_PORT = 80;

    /** Reads the value of a variable: a URL, or host and port; null when it is empty. */
    static @Nullable ProxyAddress parse(String variable, String value) {
        if (value.isBlank()) {
            return null;
        }
        String text = value.strip();
        URI url = url(variable, text.contains("://") ? text : "http://" + text);
        if (!"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    variable + " must be http://[user:password@]host:port; proxies spoken to by "
                            + "TLS or SOCKS are not supported");
        }
        String info = url.getRawUserInfo();
        int colon = info == null ? -1 : info.indexOf(':');
        return new ProxyAddress(
                url.getHost(),
                url.getPort() >= 0 ? url.getPort() : USUAL_PORT,
                info == null ? null : decoded(colon < 0 ? info : info.substring(0, colon)),
                info == null || colon < 0 ? "" : decoded(info.substring(colon + 1)));
    }

    private static URI url(String variable, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message repeats the value and a password in it.
            throw new IllegalArgumentException(variable + " is not a URL of a proxy");
        }
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }

    /** The value of Proxy-Authorization; empty when nobody logs in. Source: RFC 7617. */
    public Optional<String> authorization() {
        if (user == null) {
            return Optional.empty();
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Host and port, without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
