package dev.wharf.core.plugin;

import java.util.List;

/** Tells which plugins there are and how starting them went. */
public interface PluginCatalog {
    /** All plugins in the order of starting. */
    List<PluginStatus> list();
}
