/**
 * Registries as the one who types commands reaches them: credentials from where {@code docker login} left them, and
 * pulling without the daemon's help where it has none to give. By lib/registry.
 */
@NullMarked
package dev.wharf.cmd.wharf.pull;

import org.jspecify.annotations.NullMarked;
