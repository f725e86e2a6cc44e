package dev.wharf.core.plugin;

import java.nio.file.Path;

/** What a daemon gives its plugins: directories and configuration. */
public interface PluginEnvironment {
    /** Below it each plugin has the directory named by its URI, for what must outlive a restart. */
    Path root();

    /** Below it each plugin has the directory named by its URI, for what need not outlive a reboot. */
    Path state();

    /** The configuration of the plugin with this URI as the record {@code as}; an error of the program where it is not. */
    <C> C config(String uri, Class<C> as);
}
