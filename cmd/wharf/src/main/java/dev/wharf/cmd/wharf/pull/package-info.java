/**
 * Registries as the client's source of blobs, by lib/registry.
 */
@NullMarked
package dev.wharf.cmd.wharf.pull;

import org.jspecify.annotations.NullMarked;
