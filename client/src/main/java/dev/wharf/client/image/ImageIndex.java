package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An index of manifests, one for each platform as a rule (OCI image specification, image index; Docker manifest list).
 *
 * @param entries in the order of the document
 */
public record ImageIndex(List<Entry> entries) {
    public ImageIndex {
        entries = List.copyOf(entries);
    }

    /**
     * A manifest or another index.
     *
     * @param target what it points at
     * @param platform what that is for, if it says so
     */
    public record Entry(Descriptor target, Optional<Platform> platform) {}

    /** Parses an index; {@code INVALID_ARGUMENT}. */
    public static ImageIndex parse(byte[] document) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : Json.parse(document, "image index").path("manifests")) {
            entries.add(new Entry(Descriptors.parse(entry), platform(entry.path("platform"))));
        }
        return new ImageIndex(entries);
    }

    /** What it refers to for a platform: what is for that platform, else what is for none in particular. */
    public List<Descriptor> forPlatform(Platform wanted) {
        List<Descriptor> matching = entries.stream()
                .filter(entry -> entry.platform().filter(wanted::runs).isPresent())
                .map(Entry::target)
                .toList();
        return !matching.isEmpty()
                ? matching
                : entries.stream()
                        .filter(entry -> entry.platform().isEmpty())
                        .map(Entry::target)
                        .toList();
    }

    /** All it refers to. */
    public List<Descriptor> children() {
        return entries.stream().map(Entry::target).toList();
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
