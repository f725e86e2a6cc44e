package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.oci.Descriptor;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A manifest of one image (OCI image specification, manifest; Docker image manifest version 2, schema 2).
 *
 * @param config the image's config
 * @param layers its layers, lowest first
 */
public record ImageManifest(Descriptor config, List<Descriptor> layers) {
    public ImageManifest {
        layers = List.copyOf(layers);
    }

    /** Parses a manifest; {@code INVALID_ARGUMENT}. */
    public static ImageManifest parse(byte[] document) {
        JsonNode root = Json.parse(document, "image manifest");
        List<Descriptor> layers = new ArrayList<>();
        root.path("layers").forEach(layer -> layers.add(Descriptors.parse(layer)));
        return new ImageManifest(Descriptors.parse(root.path("config")), layers);
    }

    /** All it refers to: config, then layers. */
    public List<Descriptor> children() {
        List<Descriptor> children = new ArrayList<>();
        children.add(config);
        children.addAll(layers);
        return children;
    }
}
