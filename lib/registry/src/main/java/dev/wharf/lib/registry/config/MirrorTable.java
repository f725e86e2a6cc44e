package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.Capability;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.HostsSource;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.tls.HostTls;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The older configuration of the CRI: endpoints by registry ({@code mirrors}), TLS and credentials by host ({@code
 * configs}). The registry itself is asked after its endpoints unless it is one of them. Source: containerd, "CRI Plugin
 * Config Guide", before 1.5.
 *
 * @param mirrors URLs by registry; {@code *} for those not named
 * @param configs by host and port
 */
public record MirrorTable(Map<String, List<String>> mirrors, Map<String, HostConfig> configs)
        implements HostsSource, Credentials.Provider {
    private static final Set<Capability> CAPABILITIES =
            EnumSet.of(Capability.PULL, Capability.RESOLVE, Capability.REFERRERS);

    public MirrorTable {
        Map<String, List<String>> copied = new HashMap<>();
        mirrors.forEach((name, urls) -> copied.put(name, List.copyOf(urls)));
        mirrors = Map.copyOf(copied);
        configs = Map.copyOf(configs);
    }

    /**
     * How one host is spoken to.
     *
     * @param tls its certificates
     * @param credentials who asks, or null for nobody
     */
    public record HostConfig(HostTls tls, @Nullable Credentials credentials) {}

    @Override
    public List<RegistryHost> of(String name) {
        List<String> endpoints = mirrors.getOrDefault(name, mirrors.getOrDefault("*", List.of()));
        List<RegistryHost> hosts = new ArrayList<>();
        endpoints.forEach(endpoint -> hosts.add(host(name, endpoint)));
        String own = RegistryHost.server(name);
        boolean listed = hosts.stream().map(host -> host.base().getAuthority()).anyMatch(List.of(name, own)::contains);
        if (!listed) {
            hosts.add(host(name, withScheme(own)));
        }
        return hosts;
    }

    private RegistryHost host(String name, String endpoint) {
        URI url;
        try {
            url = URI.create(withScheme(endpoint));
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.INVALID, "mirror of " + name + ": an endpoint is not a URL");
        }
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        URI base = URI.create(url.getScheme() + "://" + url.getRawAuthority() + (path.isEmpty() ? "/v2" : path) + "/");
        boolean unverified = RegistryHost.isLocal(name) && "http".equals(url.getScheme());
        HostConfig config = configs.get(base.getAuthority());
        HostTls tls = config != null ? config.tls : unverified ? HostTls.UNVERIFIED : HostTls.USUAL;
        return new RegistryHost(name, base, Map.of(), CAPABILITIES, tls, null);
    }

    private static String withScheme(String endpoint) {
        if (endpoint.contains("://")) {
            return endpoint;
        }
        int slash = endpoint.indexOf('/');
        String host = slash < 0 ? endpoint : endpoint.substring(0, slash);
        return (RegistryHost.isLocal(host) ? "http://" : "https://") + endpoint;
    }

    /** The credentials configured for a host, or for what Docker Hub is reached by. */
    @Override
    public Optional<Credentials> forHost(String host) {
        HostConfig config = configs.getOrDefault(host, configs.get(RegistryHost.server(host)));
        return Optional.ofNullable(config).map(HostConfig::credentials);
    }
}
