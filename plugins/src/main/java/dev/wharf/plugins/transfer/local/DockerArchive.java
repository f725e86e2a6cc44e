package dev.wharf.plugins.transfer.local;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.RegistryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes the manifests and the index that an archive of {@code docker save} lacks. */
final class DockerArchive {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int BUFFER = 1 << 20;

    private final ImageArchive archive;
    private final ArchiveIngest ingest;
    private final Context ctx;
    private final boolean compress;

    DockerArchive(ImageArchive archive, ArchiveIngest ingest, Context ctx, boolean compress) {
        this.archive = archive;
        this.ingest = ingest;
        this.ctx = ctx;
        this.compress = compress;
    }

    /** Writes manifests and index, and answers the index. */
    Descriptor index(byte[] manifestJson) {
        ArrayNode manifests = JSON.arrayNode();
        for (JsonNode entry : JacksonDocuments.tree(manifestJson, "manifest.json")) {
            Descriptor manifest = manifest(entry);
            if (entry.path("RepoTags").isEmpty()) {
                manifests.add(json(manifest));
            }
            for (JsonNode tag : entry.path("RepoTags")) {
                manifests.add(named(manifest, full(tag.stringValue(""))));
            }
        }
        ObjectNode index = JSON.objectNode().put("schemaVersion", 2);
        index.set("manifests", manifests);
        return ingest.document(MediaTypes.OCI_INDEX, JacksonDocuments.bytes(index));
    }

    private static ObjectNode named(Descriptor manifest, Reference reference) {
        ObjectNode node = json(manifest);
        node.putObject("annotations")
                .put(StoredNames.IMAGE_NAME, reference.toString())
                .put(StoredNames.REF_NAME, Optional.ofNullable(reference.tag()).orElse(reference.toString()));
        return node;
    }

    private static Reference full(String tag) {
        try {
            return Reference.parseNormalized(tag);
        } catch (RegistryException e) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "image archive: " + e.getMessage(), e);
        }
    }

    private Descriptor manifest(JsonNode entry) {
        Descriptor config = typed(archive.blob(JacksonDocuments.text(entry, "Config")), MediaTypes.DOCKER_CONFIG);
        ObjectNode manifest = JSON.objectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        manifest.set("config", json(config));
        ArrayNode layers = manifest.putArray("layers");
        for (JsonNode file : entry.path("Layers")) {
            layers.add(json(layer(archive.blob(file.stringValue("")))));
        }
        return ingest.document(MediaTypes.DOCKER_MANIFEST, JacksonDocuments.bytes(manifest));
    }

    private Descriptor layer(Descriptor blob) {
        try (ContentReader reader = ingest.content().open(ctx, blob.digest())) {
            ByteBuffer magic = ByteBuffer.allocate(4);
            while (magic.hasRemaining() && reader.read(magic, magic.position()) >= 0) {}
            int first = magic.getInt(0);
            if (first >>> 16 == 0x1f8b) {
                return typed(blob, MediaTypes.DOCKER_LAYER_GZIP);
            }
            if (first == 0x28b52ffd) {
                return typed(blob, MediaTypes.DOCKER_LAYER_ZSTD);
            }
            return compress ? compressed(blob, reader) : typed(blob, MediaTypes.DOCKER_LAYER);
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("read layer " + blob.digest(), e);
        }
    }

    private Descriptor compressed(Descriptor blob, ContentReader reader) throws IOException {
        try (ContentWriter writer = ingest.content().writer(ctx, ingest.uniqueRef(), 0, null)) {
            try (OutputStream gzip = new GZIPOutputStream(new WriterStream(writer), BUFFER)) {
                ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
                long offset = 0;
                for (int count = reader.read(buffer, 0); count > 0; count = reader.read(buffer, offset)) {
                    gzip.write(buffer.array(), 0, count);
                    offset += count;
                    buffer.clear();
                }
            }
            Digest digest = writer.digest();
            long size = writer.status().offset();
            commit(writer, size, digest, blob.digest());
            return new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, digest, size);
        }
    }

    private static void commit(ContentWriter writer, long size, Digest digest, Digest uncompressed) {
        try {
            writer.commit(size, digest, Map.of("containerd.io/uncompressed", uncompressed.toString()));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /** A writer as a stream; closing it leaves the writer open. */
    private static final class WriterStream extends OutputStream {
        private final ContentWriter writer;

        WriterStream(ContentWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            writer.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private static Descriptor typed(Descriptor blob, String mediaType) {
        return new Descriptor(mediaType, blob.digest(), blob.size());
    }

    static ObjectNode json(Descriptor descriptor) {
        ObjectNode node = JSON.objectNode()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
        if (!descriptor.annotations().isEmpty()) {
            ObjectNode annotations = node.putObject("annotations");
            descriptor.annotations().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(annotation -> annotations.put(annotation.getKey(), annotation.getValue()));
        }
        return node;
    }
}
