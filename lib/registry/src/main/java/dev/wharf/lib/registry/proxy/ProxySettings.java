package dev.wharf.lib.registry.proxy;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proxies for plain and for encrypted requests, and who is reached without.
 *
 * @param http for {@code http} URLs, or null
 * @param https for {@code https} URLs, or null
 * @param direct hosts reached without a proxy
 */
public record ProxySettings(
        @Nullable ProxyAddress http, @Nullable ProxyAddress https, NoProxy direct) {
    /** No proxy for anybody. */
    public static final ProxySettings NONE = new ProxySettings(null, null, NoProxy.parse(""));

    /**
     * The settings in an environment, by the variables in upper or lower case; {@code HTTP_PROXY} in upper case is passed
     * over for a CGI program, where a request could set it.
     *
     * @throws IllegalArgumentException when a proxy is not a URL of an HTTP proxy; the message names the variable
     */
    public static ProxySettings ofEnvironment(Map<String, String> environment) {
        boolean cgi = environment.containsKey("REQUEST_METHOD");
        String upper = cgi ? "" : environment.getOrDefault("HTTP_PROXY", "");
        String http = upper.isEmpty() ? environment.getOrDefault("http_proxy", "") : upper;
        return new ProxySettings(
                ProxyAddress.parse("HTTP_PROXY", http),
                ProxyAddress.parse("HTTPS_PROXY", variable(environment, "HTTPS_PROXY")),
                NoProxy.parse(variable(environment, "NO_PROXY")));
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "");
        return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
    }

    /** The proxy for a URL; empty to reach its host directly. */
    public Optional<ProxyAddress> of(URI url) {
        boolean encrypted = "https".equalsIgnoreCase(url.getScheme());
        ProxyAddress proxy = encrypted ? https : http;
        if (proxy == null || url.getHost() == null) {
            return Optional.empty();
        }
        int port = url.getPort() >= 0 ? url.getPort() : encrypted ? 443 : 80;
        return direct.has(url.getHost(), port) ? Optional.empty() : Optional.of(proxy);
    }

    /** Whether there is any proxy. */
    public boolean isEmpty() {
        return http == null && https == null;
    }
}
