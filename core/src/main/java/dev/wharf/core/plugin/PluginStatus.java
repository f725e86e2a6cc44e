package dev.wharf.core.plugin;

import dev.wharf.core.error.WharfException;
import dev.wharf.core.filter.Fields;
import dev.wharf.core.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How starting a plugin went; what {@code ctr plugins ls} shows.
 *
 * @param type containerd's type, e.g. {@code io.containerd.snapshotter.v1}
 * @param id e.g. {@code overlayfs}
 * @param requires types it needs
 * @param platforms platforms it is for, or none
 * @param exports further facts, e.g. {@code root}
 * @param capabilities what it can
 * @param error why it does not run, or null
 * @param skipped whether it does not run because this machine lacks something, which is no failure
 */
public record PluginStatus(
        String type,
        String id,
        List<String> requires,
        List<Platform> platforms,
        Map<String, String> exports,
        List<String> capabilities,
        @Nullable WharfException error,
        boolean skipped)
        implements Fields {
    public PluginStatus {
        requires = List.copyOf(requires);
        platforms = List.copyOf(platforms);
        exports = Map.copyOf(exports);
        capabilities = List.copyOf(capabilities);
    }

    /** {@code type.id}, as config.toml names it. */
    public String uri() {
        return type + "." + id;
    }

    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "type" -> Fields.leaf(path, type);
            case "id" -> Fields.leaf(path, id);
            default -> Optional.empty();
        };
    }
}
