package dev.wharf.core.sandbox;

import dev.wharf.core.containers.Container;
import dev.wharf.core.filter.Fields;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of a sandbox.
 *
 * @param id an identifier
 * @param labels free labels
 * @param runtime what runs it
 * @param spec its spec, or null
 * @param sandboxer the controller that runs it
 * @param extensions further values by name
 * @param createdAt when it was made
 * @param updatedAt when it last changed
 */
public record Sandbox(
        String id,
        Map<String, String> labels,
        Container.Runtime runtime,
        @Nullable TypedValue spec,
        String sandboxer,
        Map<String, TypedValue> extensions,
        Instant createdAt,
        Instant updatedAt)
        implements Fields {
    public Sandbox {
        labels = Map.copyOf(labels);
        extensions = Map.copyOf(extensions);
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
