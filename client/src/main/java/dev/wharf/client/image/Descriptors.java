package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Descriptors as JSON. */
final class Descriptors {
    private Descriptors() {}

    static Descriptor parse(JsonNode node) {
        return new Descriptor(
                Json.text(node, "mediaType"),
                Digest.parse(Json.text(node, "digest")),
                node.path("size").longValue(0),
                Json.map(node, "annotations"));
    }

    static ObjectNode toJson(Descriptor descriptor) {
        return Json.object()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
    }
}
