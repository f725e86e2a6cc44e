package dev.wharf.core.content;

import dev.wharf.core.filter.Fields;
import dev.wharf.core.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store knows of a blob.
 *
 * @param digest its name
 * @param size its size in bytes
 * @param createdAt when this namespace came to know it
 * @param updatedAt when its labels last changed
 * @param labels free labels
 */
public record ContentInfo(Digest digest, long size, Instant createdAt, Instant updatedAt, Map<String, String> labels)
        implements Fields {
    public ContentInfo {
        labels = Map.copyOf(labels);
    }

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "digest" -> Fields.leaf(path, digest.toString());
            case "labels" -> Fields.key(path, labels);
            default -> Optional.empty();
        };
    }
}
