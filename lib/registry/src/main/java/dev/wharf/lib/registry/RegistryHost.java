package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.tls.HostTls;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry, or a mirror of it, answers.
 *
 * @param name the registry as in image names, e.g. {@code docker.io}
 * @param base URL of its API, with the path up to and including {@code /v2/}
 * @param headers sent with each request to this host alone
 * @param capabilities what it may be asked for
 * @param tls authorities and client certificates
 * @param dialTimeout for a connection to stand; null for the usual one
 */
public record RegistryHost(
        String name,
        URI base,
        Map<String, List<String>> headers,
        Set<Capability> capabilities,
        HostTls tls,
        @Nullable Duration dialTimeout) {
    private static final String HUB = "docker.io";
    private static final String HUB_HOST = "registry-1.docker.io";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public RegistryHost {
        if (base.getHost() == null
                || base.getRawUserInfo() != null
                || !base.getPath().endsWith("/")) {
            throw new RegistryException(
                    Kind.INVALID, "registry URL for " + name + " needs a host, no user and a path ending with /");
        }
        if (!base.getScheme().equals("http") && !base.getScheme().equals("https")) {
            throw new RegistryException(Kind.INVALID, "registry URL " + base + " must begin with http or https");
        }
        headers = Map.copyOf(headers);
        capabilities = Set.copyOf(capabilities);
    }

    /** A host that may be asked for everything, with the usual TLS. */
    public RegistryHost(String name, URI base, Map<String, List<String>> headers) {
        this(name, base, headers, Capability.ALL, HostTls.USUAL, null);
    }

    /**
     * The place of a registry nothing is configured for: HTTPS, except with {@code plainHttp}. On this machine a
     * certificate is not verified, and a port other than 443 is tried by HTTPS first and then by HTTP (80 by HTTP at
     * once). Docker Hub answers at another name than its images have.
     */
    public static RegistryHost of(String name, boolean plainHttp) {
        if (plainHttp) {
            return new RegistryHost(name, base("http", server(name), name), Map.of());
        }
        if (!isLocal(name)) {
            return new RegistryHost(name, base("https", server(name), name), Map.of());
        }
        int port = portIn(name);
        URI base = base(port < 0 || port == HTTPS_PORT ? "https" : "http", name, name);
        HostTls tls = port == HTTP_PORT ? HostTls.USUAL : HostTls.UNVERIFIED;
        return new RegistryHost(name, base, Map.of(), Capability.ALL, tls, null);
    }

    /** The host a registry's API is at, e.g. {@code registry-1.docker.io} for {@code docker.io}. */
    public static String server(String name) {
        return name.equals(HUB) ? HUB_HOST : name;
    }

    /** Whether a registry of that name, with or without port, is this machine. */
    public static boolean isLocal(String name) {
        int colon = name.lastIndexOf(':');
        String host = portIn(name) < 0 ? name : name.substring(0, colon);
        if (host.equals("localhost")) {
            return true;
        }
        try {
            String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.ofLiteral(bare).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int portIn(String name) {
        int colon = name.lastIndexOf(':');
        String digits = colon < 0 || name.endsWith("]") ? "" : name.substring(colon + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(digits) : -1;
    }

    private static URI base(String scheme, String host, String name) {
        try {
            return URI.create(scheme + "://" + host + "/v2/");
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, "registry host \"" + name + "\" is not valid", e);
        }
    }

    /** The same with other TLS settings. */
    public RegistryHost withTls(HostTls other) {
        return new RegistryHost(name, base, headers, capabilities, other, dialTimeout);
    }

    /** The same with more headers; where both name one, the host's own stands. */
    public RegistryHost withHeaders(Map<String, List<String>> more) {
        Map<String, List<String>> all = new LinkedHashMap<>(more);
        all.putAll(headers);
        return new RegistryHost(name, base, all, capabilities, tls, dialTimeout);
    }

    /** The same for other uses. */
    public RegistryHost withCapabilities(Set<Capability> other) {
        return new RegistryHost(name, base, headers, other, tls, dialTimeout);
    }

    /** Whether it may be asked for that. */
    public boolean can(Capability capability) {
        return capabilities.contains(capability);
    }

    /** Whether this is another host than the registry's own; it is then told whose content is wanted. */
    public boolean isMirror() {
        return !base.getAuthority().equals(server(name)) && !base.getAuthority().equals(name);
    }

    /** By what credentials are asked for: the registry's name, or for a mirror its own host and port. */
    public String credentialHost() {
        return isMirror() ? base.getAuthority() : name;
    }

    /** Whether requests go unencrypted. */
    boolean isPlain() {
        return base.getScheme().equals("http");
    }

    /** Whether HTTPS is tried before HTTP: TLS is configured, and the port does not say which it is. */
    boolean isAmbiguous() {
        return isPlain() && tls.isExplicit() && base.getPort() != HTTP_PORT;
    }

    /** The same place by HTTPS. */
    RegistryHost encrypted() {
        URI url = URI.create("https" + base.toString().substring("http".length()));
        return new RegistryHost(name, url, headers, capabilities, tls, dialTimeout);
    }

    /** Whether the URL is of the very same origin, so that it may see this host's credentials. */
    boolean isOriginOf(URI url) {
        return base.getScheme().equalsIgnoreCase(url.getScheme())
                && base.getHost().equalsIgnoreCase(url.getHost())
                && port(base) == port(url);
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "http".equalsIgnoreCase(url.getScheme()) ? HTTP_PORT : HTTPS_PORT;
    }

    URI resolve(String path) {
        return base.resolve(path);
    }
}
