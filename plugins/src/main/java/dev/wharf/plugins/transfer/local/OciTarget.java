package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.transfer.RegistryTarget;
import dev.wharf.lib.registry.MirroredRegistry;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.Registry;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RemoteDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * One image in the host of a registry that takes pushes.
 *
 * @param reference the image
 * @param registry what the host belongs to
 * @param host the host
 */
record OciTarget(Reference reference, MirroredRegistry registry, Registry host) implements RegistryTarget {
    @Override
    public String sourceLabel() {
        return OciRegistries.sourceLabel(reference);
    }

    @Override
    public boolean push(Descriptor blob, Bytes bytes, List<String> mountFrom) {
        RemoteDescriptor remote =
                new RemoteDescriptor(blob.mediaType(), blob.digest().toString(), blob.size());
        return OciRegistries.translated(() -> host.push(reference.path(), remote, bytes::open, mountFrom))
                == Registry.PushOutcome.UPLOADED;
    }

    @Override
    public boolean pushDocument(Descriptor document, byte[] bytes) {
        return put(document, bytes, document.digest().toString());
    }

    @Override
    public boolean pushNamed(Descriptor document, byte[] bytes) {
        String digest = document.digest().toString();
        if (reference.digest() != null && !reference.digest().equals(digest)) {
            throw ErrorKind.INVALID_ARGUMENT.of("push " + digest + " as " + reference + ", which names another digest");
        }
        String bare = reference.digest() == null ? "latest" : digest;
        return put(document, bytes, Optional.ofNullable(reference.tag()).orElse(bare));
    }

    private boolean put(Descriptor document, byte[] bytes, String name) {
        return OciRegistries.translated(() -> {
            if (names(name, document)) {
                return false;
            }
            host.putManifest(reference.path(), name, document.mediaType(), bytes);
            return true;
        });
    }

    private boolean names(String name, Descriptor document) {
        try {
            RemoteDescriptor there = host.resolve(reference.path(), name);
            // A blob of the same digest is no manifest.
            return there.digest().equals(document.digest().toString())
                    && there.mediaType().equals(document.mediaType());
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
