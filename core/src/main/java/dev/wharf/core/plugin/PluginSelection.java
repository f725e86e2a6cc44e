package dev.wharf.core.plugin;

import dev.wharf.core.error.ErrorKind;
import java.util.Set;

/**
 * Which plugins the configuration does not want, and without which the daemon must not run.
 *
 * @param disabled URIs of plugins that are left out
 * @param required URIs of plugins whose failure stops the daemon
 */
public record PluginSelection(Set<String> disabled, Set<String> required) {
    /** Leaves none out and requires none. */
    public static final PluginSelection ALL = new PluginSelection(Set.of(), Set.of());

    public PluginSelection {
        disabled = Set.copyOf(disabled);
        required = Set.copyOf(required);
        for (String uri : required) {
            if (disabled.contains(uri)) {
                throw ErrorKind.INVALID_ARGUMENT.of("plugin " + uri + " is both disabled and required");
            }
        }
    }
}
