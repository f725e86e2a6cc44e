/**
 * Plugins: the parts a daemon is made of, their types and ids (containerd's), what they need, and how starting went.
 */
@NullMarked
package dev.wharf.core.plugin;

import org.jspecify.annotations.NullMarked;
