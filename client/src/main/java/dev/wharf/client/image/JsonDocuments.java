package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Config;
import dev.wharf.core.images.Documents;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Manifests, indexes and configs as this client reads them. */
final class JsonDocuments implements Documents {
    /** Far more than any image has. */
    private static final int MAX_ENTRIES = 4096;

    @Override
    public Manifest manifest(byte[] document) {
        JsonNode root = Json.parse(document, "image manifest");
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode layer : bounded(root.path("layers"))) {
            layers.add(descriptor(layer));
        }
        return new Manifest(descriptor(root.path("config")), layers);
    }

    @Override
    public Index index(byte[] document) {
        List<Index.Entry> entries = new ArrayList<>();
        for (JsonNode entry : bounded(Json.parse(document, "image index").path("manifests"))) {
            entries.add(new Index.Entry(descriptor(entry), platform(entry.path("platform"))));
        }
        return new Index(entries);
    }

    @Override
    public Config config(byte[] document) {
        ImageConfig config = ImageConfig.parse(document);
        return new Config(config.platform(), config.diffIds());
    }

    private static JsonNode bounded(JsonNode array) {
        if (array.size() > MAX_ENTRIES) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of(
                    "image document with " + array.size() + " entries, more than " + MAX_ENTRIES);
        }
        return array;
    }

    private static Descriptor descriptor(JsonNode node) {
        return new Descriptor(
                Json.text(node, "mediaType"),
                Digest.parse(Json.text(node, "digest")),
                node.path("size").longValue(0),
                Json.map(node, "annotations"));
    }

    private static Optional<Platform> platform(JsonNode node) {
        return node.isObject()
                ? Optional.of(new Platform(
                        Json.text(node, "os"),
                        Json.text(node, "architecture"),
                        Json.text(node, "variant"),
                        Json.text(node, "os.version"),
                        Json.texts(node, "os.features")))
                : Optional.empty();
    }
}
