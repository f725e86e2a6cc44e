package dev.wharf.core.containers;

import dev.wharf.core.filter.Fields;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of a container.
 *
 * @param id an identifier
 * @param labels free labels
 * @param image the image's name, or empty
 * @param runtime what runs it
 * @param spec its runtime spec
 * @param snapshotter the snapshotter of its root, or empty
 * @param snapshotKey the snapshot of its root, or empty
 * @param sandbox the sandbox it joins, or empty
 * @param extensions further values by name
 * @param createdAt when it was made
 * @param updatedAt when it last changed
 */
public record Container(
        String id,
        Map<String, String> labels,
        String image,
        Runtime runtime,
        @Nullable TypedValue spec,
        String snapshotter,
        String snapshotKey,
        String sandbox,
        Map<String, TypedValue> extensions,
        Instant createdAt,
        Instant updatedAt)
        implements Fields {
    public Container {
        labels = Map.copyOf(labels);
        extensions = Map.copyOf(extensions);
    }

    /**
     * What runs a container.
     *
     * @param name the runtime's name, e.g. {@code io.containerd.runc.v2}, or an absolute path
     * @param options the runtime's own options, or null
     */
    public record Runtime(String name, @Nullable TypedValue options) {}

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "id" -> Fields.leaf(path, id);
            case "image" -> Fields.leaf(path, image);
            case "runtime" ->
                path.size() == 2
                                && path.get(1).equals("name")
                                && !runtime.name().isEmpty()
                        ? Optional.of(runtime.name())
                        : Optional.empty();
            case "labels" -> Fields.key(path, labels);
            default -> Optional.empty();
        };
    }
}
