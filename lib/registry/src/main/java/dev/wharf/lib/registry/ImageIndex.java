package dev.wharf.lib.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An index of manifests, usually one for each platform (OCI image specification, image index; Docker manifest list).
 *
 * @param mediaType as the document says, empty when it does not
 * @param manifests its entries in order
 * @param annotations free text by key
 */
public record ImageIndex(String mediaType, List<Entry> manifests, Map<String, String> annotations) {
    public ImageIndex {
        manifests = List.copyOf(manifests);
        annotations = Map.copyOf(annotations);
    }

    /**
     * One entry.
     *
     * @param descriptor of a manifest, or of another index
     * @param platformOrNull what it runs on, or null when the index does not say
     */
    public record Entry(
            RemoteDescriptor descriptor, @Nullable RemotePlatform platformOrNull) {
        /** What it runs on, if the index says so. */
        public Optional<RemotePlatform> platform() {
            return Optional.ofNullable(platformOrNull);
        }
    }

    /**
     * A platform as the index writes it, not normalised; what is missing is empty.
     *
     * @param os operating system, e.g. {@code linux}
     * @param architecture e.g. {@code amd64}
     * @param variant e.g. {@code v8}
     * @param osVersion e.g. {@code 10.0.14393.1066}
     * @param osFeatures e.g. {@code win32k}
     */
    public record RemotePlatform(
            String os, String architecture, String variant, String osVersion, List<String> osFeatures) {
        public RemotePlatform {
            osFeatures = List.copyOf(osFeatures);
        }
    }

    /** Parses an index; unknown fields are passed over. Fails with kind INVALID, TOO_LARGE or UNSUPPORTED. */
    public static ImageIndex parse(byte[] document) {
        ManifestDocument index = new ManifestDocument(document, "index");
        if (index.has("layers") || index.has("config")) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID, "index has layers or a config, as only a manifest has");
        }
        return new ImageIndex(
                index.mediaType(), index.descriptors("manifests", ImageIndex::entry), index.annotations());
    }

    private static Entry entry(JsonNode node, RemoteDescriptor descriptor) {
        JsonNode platform = node.get("platform");
        return new Entry(descriptor, platform == null || !platform.isObject() ? null : platform(platform));
    }

    private static RemotePlatform platform(JsonNode node) {
        List<String> features = new ArrayList<>();
        JsonNode list = node.get("os.features");
        if (list != null && list.isArray()) {
            list.forEach(feature -> features.add(feature.asString("")));
        }
        return new RemotePlatform(
                Json.text(node, "os"),
                Json.text(node, "architecture"),
                Json.text(node, "variant"),
                Json.text(node, "os.version"),
                features);
    }
}
