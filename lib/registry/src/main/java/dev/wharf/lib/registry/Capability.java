package dev.wharf.lib.registry;

import java.util.Locale;
import java.util.Set;

/** What a host may be asked for. Source: containerd, hosts.toml, "capabilities". */
public enum Capability {
    /** Manifests by digest, and blobs. */
    PULL,
    /** What a tag names: only a host that is trusted to say so. */
    RESOLVE,
    /** Uploads. */
    PUSH,
    /** The list of what refers to a manifest. */
    REFERRERS;

    /** All of them. */
    public static final Set<Capability> ALL = Set.of(values());

    /** The one of that name in a configuration, in any case. */
    public static Capability of(String name) {
        for (Capability capability : values()) {
            if (capability.name().equals(name.toUpperCase(Locale.ROOT))) {
                return capability;
            }
        }
        throw new IllegalArgumentException(
                "unknown capability \"" + name + "\"; there are pull, resolve, push and referrers");
    }
}
