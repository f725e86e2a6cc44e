package dev.wharf.cmd.wharfd;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.plugin.MetadataStores;
import dev.wharf.plugins.runtime.shim.KnownContainers;
import dev.wharf.plugins.runtime.shim.ShimEndpoint;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells the runtime of shims what the metadata stores know. No controller starts shims of sandboxes yet. */
final class MetadataKnownContainers implements KnownContainers {
    private final MetadataStores metadata;

    MetadataKnownContainers(MetadataStores metadata) {
        this.metadata = metadata;
    }

    @Override
    public Optional<String> runtimeOf(String namespace, String containerId) {
        return found(() -> metadata.containers().get(Context.of(namespace), containerId))
                .map(container -> container.runtime().name());
    }

    @Override
    public boolean isSandbox(String namespace, String id) {
        return found(() -> metadata.sandboxes().get(Context.of(namespace), id)).isPresent();
    }

    @Override
    public Optional<ShimEndpoint> sandboxEndpoint(String namespace, String sandboxId) {
        return Optional.empty();
    }

    private static <T> Optional<T> found(Supplier<T> lookup) {
        try {
            return Optional.of(lookup.get());
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
