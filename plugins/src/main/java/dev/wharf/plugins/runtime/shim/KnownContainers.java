package dev.wharf.plugins.runtime.shim;

import java.util.Optional;

/** What the metadata store knows of the containers and sandboxes that shims hold. */
public interface KnownContainers {
    /** The runtime's name of a container, if there is such a container. */
    Optional<String> runtimeOf(String namespace, String containerId);

    /** Whether there is a sandbox of that id. */
    boolean isSandbox(String namespace, String id);

    /** Where the shim of a sandbox listens, if another part of the daemon started it. */
    Optional<ShimEndpoint> sandboxEndpoint(String namespace, String sandboxId);
}
