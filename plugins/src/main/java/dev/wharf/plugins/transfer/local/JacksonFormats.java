package dev.wharf.plugins.transfer.local;

import com.github.luben.zstd.ZstdInputStream;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.image.ArchiveFormats;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.RegistryException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What archives hold, by Jackson and zstd-jni. */
final class JacksonFormats implements ArchiveFormats {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ZSTD = 0x28B52FFD;
    private static final int GZIP = 0x1F8B;
    private static final int BUFFER = 1 << 16;

    @Override
    public InputStream uncompressed(InputStream archive) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(archive, BUFFER);
        buffered.mark(4);
        byte[] magic = buffered.readNBytes(4);
        buffered.reset();
        if (magic.length == 4) {
            int number = ByteBuffer.wrap(magic).getInt();
            if (number >>> 16 == GZIP) {
                return new GZIPInputStream(buffered, BUFFER);
            }
            if (number == ZSTD) {
                return new ZstdInputStream(buffered);
            }
        }
        return buffered;
    }

    @Override
    public String layoutVersion(byte[] layout) {
        return JacksonDocuments.text(JacksonDocuments.tree(layout, "oci-layout"), "imageLayoutVersion");
    }

    @Override
    public List<Saved> saved(byte[] manifestJson) {
        List<Saved> images = new ArrayList<>();
        for (JsonNode entry : JacksonDocuments.tree(manifestJson, "manifest.json")) {
            images.add(new Saved(
                    JacksonDocuments.text(entry, "Config"), texts(entry, "RepoTags"), texts(entry, "Layers")));
        }
        return images;
    }

    private static List<String> texts(JsonNode node, String member) {
        List<String> texts = new ArrayList<>();
        node.path(member).forEach(text -> texts.add(text.stringValue("")));
        return texts;
    }

    @Override
    public byte[] manifest(Manifest manifest) {
        ObjectNode root = JSON.objectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        root.set("config", json(manifest.config()));
        root.set("layers", json(manifest.layers()));
        return JacksonDocuments.bytes(root);
    }

    @Override
    public byte[] index(List<Descriptor> manifests) {
        ObjectNode index = JSON.objectNode().put("schemaVersion", 2);
        index.set("manifests", json(manifests));
        return JacksonDocuments.bytes(index);
    }

    @Override
    public Name name(String tag) {
        try {
            Reference reference = Reference.parseNormalized(tag);
            return new Name(
                    reference.toString(), Optional.ofNullable(reference.tag()).orElse(reference.toString()));
        } catch (RegistryException e) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "image archive: " + e.getMessage(), e);
        }
    }

    private static ArrayNode json(List<Descriptor> descriptors) {
        ArrayNode array = JSON.arrayNode();
        descriptors.forEach(descriptor -> array.add(json(descriptor)));
        return array;
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
