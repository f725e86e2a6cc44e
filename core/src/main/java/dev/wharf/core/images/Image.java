package dev.wharf.core.images;

import dev.wharf.core.filter.Fields;
import dev.wharf.core.oci.Descriptor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A name that points at content.
 *
 * @param name any non-empty text, by custom a reference such as {@code docker.io/library/busybox:latest}
 * @param labels free labels
 * @param target the manifest or index it points at
 * @param createdAt when the name was made
 * @param updatedAt when the name or its target last changed
 */
public record Image(String name, Map<String, String> labels, Descriptor target, Instant createdAt, Instant updatedAt)
        implements Fields {
    public Image {
        labels = Map.copyOf(labels);
    }

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "name" -> Fields.leaf(path, name);
            case "target" -> target(path);
            case "labels" -> Fields.key(path, labels);
            case "annotations" -> Fields.key(path, target.annotations());
            default -> Optional.empty();
        };
    }

    private Optional<String> target(List<String> path) {
        if (path.size() != 2) {
            return Optional.empty();
        }
        return switch (path.get(1)) {
            case "digest" -> Optional.of(target.digest().toString());
            case "mediatype" -> Optional.of(target.mediaType());
            default -> Optional.empty();
        };
    }
}
