/**
 * Snapshots: file system states in chains, and the snapshotters that make them mountable.
 *
 * <p>Life of a snapshot: {@code prepare} makes an active one on top of a committed parent (or of nothing) and answers with
 * mounts; a client changes files below those mounts; {@code commit} turns it into a committed one under a new name, which
 * never changes again and can be the parent of others. {@code view} makes a read-only one that is never committed.
 * {@code remove} takes away what has no children.
 *
 * <p>A {@link dev.wharf.core.snapshots.Snapshotter} owns directories; which of them exist, in which chain and under which
 * key, is told by the {@link dev.wharf.core.snapshots.SnapshotIndex}, which lives with the other metadata so that one
 * transaction covers both.
 */
@NullMarked
package dev.wharf.core.snapshots;

import org.jspecify.annotations.NullMarked;
