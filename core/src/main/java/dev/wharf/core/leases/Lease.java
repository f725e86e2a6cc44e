package dev.wharf.core.leases;

import dev.wharf.core.filter.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lease.
 *
 * @param id any non-empty text
 * @param createdAt when it was made
 * @param labels free labels; {@code containerd.io/gc.expire} (RFC 3339) ends it
 */
public record Lease(String id, Instant createdAt, Map<String, String> labels) implements Fields {
    public Lease {
        labels = Map.copyOf(labels);
    }

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "id" -> Fields.leaf(path, id);
            case "labels" -> Fields.key(path, labels);
            default -> Optional.empty();
        };
    }
}
