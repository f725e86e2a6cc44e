package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.image.ArchiveFormats;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Archives as this client reads them; of compressions it knows gzip only. */
final class JsonFormats implements ArchiveFormats {
    private static final int BUFFER = 1 << 16;
    private static final int ZSTD = 0x28B52FFD;
    private static final int GZIP = 0x1F8B;

    @Override
    public InputStream uncompressed(InputStream archive) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(archive, BUFFER);
        buffered.mark(4);
        byte[] magic = buffered.readNBytes(4);
        buffered.reset();
        int number = magic.length < 4 ? 0 : ByteBuffer.wrap(magic).getInt();
        if (number == ZSTD) {
            throw ErrorKind.NOT_IMPLEMENTED.of(
                    "read an archive compressed by zstd for a daemon that cannot: decompress it first");
        }
        return number >>> 16 == GZIP ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }

    @Override
    public String layoutVersion(byte[] layout) {
        return Json.text(Json.parse(layout, "oci-layout"), "imageLayoutVersion");
    }

    @Override
    public List<Saved> saved(byte[] manifestJson) {
        List<Saved> images = new ArrayList<>();
        for (JsonNode entry : Json.parse(manifestJson, "manifest.json")) {
            images.add(
                    new Saved(Json.text(entry, "Config"), Json.texts(entry, "RepoTags"), Json.texts(entry, "Layers")));
        }
        return images;
    }

    @Override
    public byte[] manifest(Manifest manifest) {
        ObjectNode root = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        root.set("config", json(manifest.config()));
        ArrayNode layers = root.putArray("layers");
        manifest.layers().forEach(layer -> layers.add(json(layer)));
        return Json.bytes(root);
    }

    @Override
    public byte[] index(List<Descriptor> manifests) {
        ObjectNode index = Json.object().put("schemaVersion", 2);
        ArrayNode entries = index.putArray("manifests");
        for (Descriptor manifest : manifests) {
            ObjectNode entry =
                    entries.add(json(manifest)).get(entries.size() - 1).asObject();
            entry.set("annotations", Json.tree(new TreeMap<>(manifest.annotations())));
        }
        return Json.bytes(index);
    }

    @Override
    public Name name(String tag) {
        String full = ImageNames.full(tag);
        int colon = full.lastIndexOf(':');
        boolean digest = full.indexOf('@') >= 0;
        return new Name(full, digest ? full : full.substring(colon + 1));
    }

    private static ObjectNode json(Descriptor descriptor) {
        return Json.object()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
    }
}
