package dev.wharf.core.plugin;

import java.util.List;

/**
 * A part a daemon can be made of: what it is called, what it needs, and how it is started.
 *
 * @param type its type
 * @param id its id, unique within the type
 * @param requires types it needs: all plugins of these types are started before it
 * @param start starts it
 * @param <T> what it offers
 */
public record Plugin<T>(PluginType<T> type, String id, List<PluginType<?>> requires, Start<T> start) {
    public Plugin {
        requires = List.copyOf(requires);
    }

    /** {@code type.id}: its name in config.toml and the name of its directories. */
    public String uri() {
        return type.name() + "." + id;
    }

    /** Starts a plugin. */
    @FunctionalInterface
    public interface Start<T> {
        /**
         * Starts it and answers how that went. Whatever it throws becomes the plugin's error, and the daemon goes on
         * without it unless config.toml requires it.
         */
        StartOutcome<T> start(StartContext context) throws Exception;
    }
}
