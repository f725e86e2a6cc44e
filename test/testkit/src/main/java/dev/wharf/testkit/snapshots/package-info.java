/**
 * What every snapshotter must do, as tests, and a snapshot index for them to stand on.
 *
 * <p>{@link dev.wharf.testkit.snapshots.SnapshotterContract} asks only for a snapshotter and a way to mount: the same
 * tests run against one in this process, one above another index, and one reached over a socket.
 */
@NullMarked
package dev.wharf.testkit.snapshots;

import org.jspecify.annotations.NullMarked;
