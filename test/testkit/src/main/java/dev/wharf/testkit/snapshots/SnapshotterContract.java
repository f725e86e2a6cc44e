package dev.wharf.testkit.snapshots;

/**
 * All a snapshotter must do. A test class implements it and the hooks of {@link SnapshotterFixture}; the tests mount for
 * real, as root.
 */
public interface SnapshotterContract extends SnapshotLifecycleContract, SnapshotFilesContract, SnapshotTreesContract {}
