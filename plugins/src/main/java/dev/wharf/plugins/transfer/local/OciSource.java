package dev.wharf.plugins.transfer.local;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.lib.registry.BlobRequest;
import dev.wharf.lib.registry.BlobStream;
import dev.wharf.lib.registry.Capability;
import dev.wharf.lib.registry.MirroredRegistry;
import dev.wharf.lib.registry.Reference;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** One image in a registry with its mirrors. */
final class OciSource implements RegistrySource {
    private final Reference reference;
    private final MirroredRegistry registry;

    /** By digest, who served a blob's bytes; of blobs of which all bytes came by this source. */
    private final Map<String, Set<URI>> served = new ConcurrentHashMap<>();

    /** By digest, who served other bytes. */
    private final Map<String, Set<URI>> distrusted = new ConcurrentHashMap<>();

    OciSource(Reference reference, MirroredRegistry registry) {
        this.reference = reference;
        this.registry = registry;
    }

    @Override
    public Descriptor resolve() {
        return OciRegistries.translated(() -> JacksonDocuments.descriptor(
                registry.resolve(reference.path(), reference.object().orElse("latest"))
                        .value()));
    }

    @Override
    public InputStream fetch(Descriptor blob, long offset) {
        String digest = blob.digest().toString();
        boolean document = MediaTypes.isIndex(blob.mediaType()) || MediaTypes.isManifest(blob.mediaType());
        return OciRegistries.translated(() -> {
            if (!document) {
                return new NotingStream(
                        registry.blob(new BlobRequest(reference.path(), digest, blob.size()), offset), digest, offset);
            }
            byte[] bytes = registry.manifest(reference.path(), digest).value().bytes();
            int start = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, start, bytes.length - start);
        });
    }

    @Override
    public boolean distrust(Descriptor blob) {
        String digest = blob.digest().toString();
        Set<URI> wrong = served.remove(digest);
        if (wrong == null || wrong.isEmpty()) {
            return false;
        }
        registry.distrust(digest, wrong);
        Set<URI> all = distrusted.merge(digest, wrong, OciSource::union);
        return registry.hosts().stream().anyMatch(host -> host.can(Capability.PULL) && !all.contains(host.base()));
    }

    @Override
    public String origin(Descriptor blob) {
        String digest = blob.digest().toString();
        Set<URI> hosts = served.getOrDefault(digest, Set.of());
        return hosts.isEmpty()
                ? RegistrySource.super.origin(blob)
                : hosts.stream()
                        .map(place -> "GET " + place + (isBase(place) ? reference.path() + "/blobs/" + digest : ""))
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    /** Whether it is the base of a host's API, not the address of one layer. */
    private static boolean isBase(URI place) {
        return place.getPath().endsWith("/");
    }

    private static Set<URI> union(Set<URI> one, Set<URI> other) {
        Set<URI> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    /** Notes at its end who served it. */
    private final class NotingStream extends FilterInputStream {
        private final BlobStream blob;
        private final String digest;
        private final long offset;

        NotingStream(BlobStream blob, String digest, long offset) {
            super(blob);
            this.blob = blob;
            this.digest = digest;
            this.offset = offset;
        }

        @Override
        public void close() throws IOException {
            if (offset == 0) {
                served.put(digest, Set.copyOf(blob.servedBy()));
            } else {
                // Bytes from before this source may be the wrong ones: then nobody is to blame.
                served.computeIfPresent(digest, (key, before) -> union(before, blob.servedBy()));
            }
            super.close();
        }
    }

    @Override
    public Map<String, String> labels() {
        return Map.of(OciRegistries.sourceLabel(reference), reference.path());
    }

    @Override
    public void close() {
        registry.close();
    }
}
