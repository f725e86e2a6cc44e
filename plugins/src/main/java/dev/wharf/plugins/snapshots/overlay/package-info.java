/**
 * Snapshots as layers of overlayfs: plugin {@code io.containerd.snapshotter.v1.overlayfs}.
 *
 * <p>{@code snapshots/<id>/fs} (0755) holds what a snapshot changes, {@code snapshots/<id>/work} (0711, active ones only)
 * is overlayfs' own. Uses the domain, {@code lib/linux} and the directories that snapshotters share. What must stay true:
 * once committed, nothing below {@code fs} changes.
 */
@NullMarked
package dev.wharf.plugins.snapshots.overlay;

import org.jspecify.annotations.NullMarked;
