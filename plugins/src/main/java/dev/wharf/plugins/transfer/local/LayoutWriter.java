package dev.wharf.plugins.transfer.local;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.archive.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes an OCI layout as a tar archive (OCI image specification, image layout), in the order of names. */
final class LayoutWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final byte[] LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    private final ContentStore content;
    private final Context ctx;
    private final TarWriter tar;

    LayoutWriter(ContentStore content, Context ctx, OutputStream out) {
        this.content = content;
        this.ctx = ctx;
        this.tar = new TarWriter(out);
    }

    /**
     * An image as {@code docker load} finds it.
     *
     * @param manifest what it consists of
     * @param names its names
     */
    record Loadable(Manifest manifest, List<String> names) {}

    /** Writes the archive; without {@code manifest.json} when nothing is to be loaded by Docker. */
    void write(List<Descriptor> tops, Collection<Descriptor> blobs, List<Loadable> loadable) throws IOException {
        tar.directory("blobs/");
        List<Descriptor> sorted = blobs.stream()
                .sorted(Comparator.comparing(blob -> blob.digest().toString()))
                .toList();
        String algorithm = "";
        for (Descriptor blob : sorted) {
            if (!blob.digest().algorithm().equals(algorithm)) {
                algorithm = blob.digest().algorithm();
                tar.directory("blobs/" + algorithm + "/");
            }
            blob(blob);
        }
        tar.file("index.json", 0644, JacksonDocuments.bytes(index(tops)));
        if (!loadable.isEmpty()) {
            tar.file("manifest.json", 0644, JacksonDocuments.bytes(loadList(loadable)));
        }
        tar.file("oci-layout", 0444, LAYOUT);
        tar.end();
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private void blob(Descriptor blob) throws IOException {
        MessageDigest hash = Digest.newMessageDigest(blob.digest().algorithm());
        try (ContentReader reader = content.open(ctx, blob.digest())) {
            tar.file(path(blob.digest()), 0444, reader.size(), new BlobStream(reader, hash));
        }
        Digest written = Digest.of(blob.digest().algorithm(), hash.digest());
        if (!written.equals(blob.digest())) {
            throw new IOException("blob " + blob.digest() + " is damaged, it reads as " + written);
        }
    }

    private static ObjectNode index(List<Descriptor> tops) {
        ObjectNode index = JSON.objectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
        ArrayNode manifests = index.putArray("manifests");
        tops.forEach(top -> manifests.add(JacksonFormats.json(top)));
        return index;
    }

    private static ArrayNode loadList(List<Loadable> loadable) {
        ArrayNode list = JSON.arrayNode();
        for (Loadable image : loadable) {
            ObjectNode entry = list.addObject();
            entry.put("Config", path(image.manifest().config().digest()));
            ArrayNode tags = entry.putArray("RepoTags");
            image.names().forEach(tags::add);
            ArrayNode layers = entry.putArray("Layers");
            image.manifest().layers().forEach(layer -> layers.add(path(layer.digest())));
        }
        return list;
    }

    /** A blob read from its start, digested on the way. */
    private static final class BlobStream extends InputStream {
        private final ContentReader reader;
        private final MessageDigest hash;
        private long offset;

        BlobStream(ContentReader reader, MessageDigest hash) {
            this.reader = reader;
            this.hash = hash;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int at, int length) throws IOException {
            int count = reader.read(ByteBuffer.wrap(target, at, length), offset);
            if (count > 0) {
                hash.update(target, at, count);
                offset += count;
            }
            return count;
        }
    }
}
