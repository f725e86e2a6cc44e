package dev.wharf.plugins.snapshots.nativefs;

/**
 * Settings of the native snapshotter.
 *
 * @param syncCommit ({@code sync_commit}, not in containerd) whether each commit syncs the file system by itself
 */
public record NativeConfig(boolean syncCommit) {
    public static final NativeConfig DEFAULT = new NativeConfig(false);
}
