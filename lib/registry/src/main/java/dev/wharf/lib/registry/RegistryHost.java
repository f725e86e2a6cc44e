package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Where a registry answers.
 *
 * @param name as in image names; credentials are asked for by it
 * @param base URL of its API, with the path up to and including {@code /v2/}
 * @param headers sent with each request to this host alone
 */
public record RegistryHost(String name, URI base, Map<String, List<String>> headers) {
    public RegistryHost {
        if (base.getHost() == null || !base.getPath().endsWith("/")) {
            throw new RegistryException(
                    Kind.INVALID, "registry URL " + base + " needs a host and a path ending with /");
        }
        headers = Map.copyOf(headers);
    }

    /**
     * The place of a registry nothing is configured for: HTTPS, except with {@code plainHttp} or on a port other than
     * 443 of this machine. Docker Hub answers at another name than its images have.
     */
    public static RegistryHost of(String name, boolean plainHttp) {
        String scheme = plainHttp || isLocalPlain(name) ? "http" : "https";
        String host = name.equals("docker.io") ? "registry-1.docker.io" : name;
        try {
            return new RegistryHost(name, URI.create(scheme + "://" + host + "/v2/"), Map.of());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, "registry host \"" + name + "\" is not valid", e);
        }
    }

    private static boolean isLocalPlain(String name) {
        boolean local = name.startsWith("localhost:") || name.startsWith("127.") || name.startsWith("[::1]:");
        int colon = name.lastIndexOf(':');
        return local
                && colon > 0
                && !name.endsWith("]")
                && !name.substring(colon).equals(":443");
    }

    /** Whether requests go unencrypted. */
    boolean isPlain() {
        return base.getScheme().equals("http");
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
        return "http".equalsIgnoreCase(url.getScheme()) ? 80 : 443;
    }

    URI resolve(String path) {
        return base.resolve(path);
    }
}
