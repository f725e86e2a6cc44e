/**
 * Plugins: the parts a daemon is made of, their types and ids (containerd's), what they need, and how starting went.
 *
 * <p>A {@link dev.wharf.core.plugin.Plugin} is a value; {@link dev.wharf.core.plugin.RunningPlugins} starts a list of
 * them. Nothing is found by reflection or on the class path: who wants to know what is built in reads the daemon's list.
 * May use the interfaces of the whole domain; nothing else of the domain uses this package.
 */
@NullMarked
package dev.wharf.core.plugin;

import org.jspecify.annotations.NullMarked;
