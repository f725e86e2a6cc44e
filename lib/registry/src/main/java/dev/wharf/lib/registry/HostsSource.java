package dev.wharf.lib.registry;

import java.util.List;
import java.util.Map;

/** Which hosts serve a registry, in the order they are asked. */
@FunctionalInterface
public interface HostsSource {
    /**
     * The hosts for a registry by its name as in image names; INVALID when what is configured cannot be used. May read
     * files.
     */
    List<RegistryHost> of(String name);

    /** Each registry at its own place, nothing configured. */
    static HostsSource usual(boolean plainHttp) {
        return name -> List.of(RegistryHost.of(name, plainHttp));
    }

    /** The same hosts with more headers sent to each. */
    default HostsSource withHeaders(Map<String, List<String>> headers) {
        return name -> of(name).stream().map(host -> host.withHeaders(headers)).toList();
    }
}
