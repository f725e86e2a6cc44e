/**
 * Snapshots as full copies, for file systems that overlayfs cannot work on: plugin {@code
 * io.containerd.snapshotter.v1.native}.
 *
 * <p>{@code snapshots/<id>} is the root of a snapshot's files. Uses the domain, {@code lib/linux} and the directories
 * that snapshotters share. What must stay true: a copy differs from its parent in nothing a container could see.
 */
@NullMarked
package dev.wharf.plugins.snapshots.nativefs;

import org.jspecify.annotations.NullMarked;
