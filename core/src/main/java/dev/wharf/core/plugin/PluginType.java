package dev.wharf.core.plugin;

/**
 * A type of plugin: containerd's name for it, and the interface its plugins offer to others.
 *
 * @param name containerd's name, e.g. {@code io.containerd.content.v1}
 * @param offers what an instance of such a plugin can be used as; {@code Object} where the id decides
 * @param <T> the same, for the compiler
 */
public record PluginType<T>(String name, Class<T> offers) {
    public PluginType {
        if (!name.contains(".")) {
            throw new IllegalArgumentException("plugin type " + name + " has no dot");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
