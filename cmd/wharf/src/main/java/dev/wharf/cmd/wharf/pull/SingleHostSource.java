package dev.wharf.cmd.wharf.pull;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.Registry;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RemoteDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Supplier;

/** One repository of a registry, without mirrors. */
final class SingleHostSource implements RegistrySource {
    private final Reference reference;
    private final Registry registry;

    SingleHostSource(Reference reference, Registry registry) {
        this.reference = reference;
        this.registry = registry;
    }

    @Override
    public Descriptor resolve() {
        return translated(() -> {
            RemoteDescriptor found =
                    registry.resolve(reference.path(), reference.object().orElse("latest"));
            return new Descriptor(found.mediaType(), Digest.parse(found.digest()), found.size(), found.annotations());
        });
    }

    @Override
    public InputStream fetch(Descriptor blob, long offset) {
        String digest = blob.digest().toString();
        boolean document = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
        return translated(() -> {
            if (!document) {
                return registry.blob(reference.path(), digest, offset);
            }
            byte[] bytes = registry.manifest(reference.path(), digest).bytes();
            int start = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, start, bytes.length - start);
        });
    }

    @Override
    public boolean distrust(Descriptor blob) {
        return false;
    }

    @Override
    public Map<String, String> labels() {
        return Map.of("containerd.io/distribution.source." + reference.host(), reference.path());
    }

    @Override
    public void close() {
        registry.close();
    }

    static <T> T translated(Supplier<T> call) {
        try {
            return call.get();
        } catch (RegistryException e) {
            String message = e.getMessage() == null ? "registry" : e.getMessage();
            throw new WharfException(ErrorKind.ofCode(e.kind().code()), message, e);
        }
    }
}
