/**
 * What snapshotters share that keep one directory for each snapshot; not a plugin itself.
 *
 * <p>Below a snapshotter's root, {@code snapshots/<id>} belongs to the snapshot with that id in the index,
 * {@code snapshots/new-<id>} is being made, {@code snapshots/rm-…} is being deleted; whatever else has no entry in the
 * index is rubbish of a crash. Uses the domain and {@code lib/linux}, and knows no snapshotter. What must stay true: a
 * directory is on disk before its entry is made, and an entry is gone before its directory is.
 */
@NullMarked
package dev.wharf.plugins.snapshots;

import org.jspecify.annotations.NullMarked;
