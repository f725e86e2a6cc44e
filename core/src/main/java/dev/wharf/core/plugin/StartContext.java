package dev.wharf.core.plugin;

import java.nio.file.Path;
import java.util.Map;

/** What a plugin may use while it starts: its directories, its configuration, and the plugins it requires. */
public interface StartContext {
    /** {@code <root>/<type>.<id>}: where it may keep what must outlive a restart. Not made yet. */
    Path root();

    /** {@code <state>/<type>.<id>}: where it may keep what need not outlive a reboot. Not made yet. */
    Path state();

    /**
     * Its section of config.toml as the record {@code as}, with defaults filled in.
     *
     * @throws IllegalArgumentException where this plugin's section is not of that record
     */
    <C> C config(Class<C> as);

    /** The one plugin of a required type; {@code NOT_FOUND} where none started. */
    <T> T one(PluginType<T> type);

    /** The plugin of a required type with this id, used as {@code as}; {@code NOT_FOUND} where it did not start. */
    <T> T one(PluginType<?> type, String id, Class<T> as);

    /** All plugins of a required type that started, by id, in the order of starting. */
    <T> Map<String, T> all(PluginType<T> type);

    /** How starting went so far; it grows until all plugins are started. */
    PluginCatalog catalog();
}
