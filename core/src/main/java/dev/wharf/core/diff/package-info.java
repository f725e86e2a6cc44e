/**
 * Diffs: layers as archives, applied to the mounts of a snapshot.
 */
@NullMarked
package dev.wharf.core.diff;

import org.jspecify.annotations.NullMarked;
