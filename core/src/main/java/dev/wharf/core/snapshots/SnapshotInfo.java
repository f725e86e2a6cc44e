package dev.wharf.core.snapshots;

import dev.wharf.core.filter.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a snapshot.
 *
 * @param name its key, or its name once committed
 * @param parent the name of its parent, or empty
 * @param kind its kind
 * @param labels free labels
 * @param createdAt when it was made
 * @param updatedAt when it last changed
 */
public record SnapshotInfo(
        String name, String parent, Kind kind, Map<String, String> labels, Instant createdAt, Instant updatedAt)
        implements Fields {
    public SnapshotInfo {
        labels = Map.copyOf(labels);
    }

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "kind" -> Fields.leaf(path, kind.text());
            case "name" -> Fields.leaf(path, name);
            case "parent" -> Fields.leaf(path, parent);
            case "labels" -> Fields.key(path, labels);
            default -> Optional.empty();
        };
    }
}
