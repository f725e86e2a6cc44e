package dev.wharf.plugins.snapshots.overlay;

import java.util.List;

/**
 * Settings of the overlay snapshotter, by their names in config.toml.
 *
 * @param upperdirLabel ({@code upperdir_label}) whether snapshots show where their changes are, by a label
 * @param syncRemove ({@code sync_remove}) whether removal deletes the files at once rather than at the next cleanup
 * @param slowChown ({@code slow_chown}) whether clients may chown a copy of all files where owners cannot be mapped
 * @param mountOptions ({@code mount_options}) more options for every overlay mount
 * @param syncCommit ({@code sync_commit}, not in containerd) whether each commit syncs the file system by itself
 */
public record OverlayConfig(
        boolean upperdirLabel, boolean syncRemove, boolean slowChown, List<String> mountOptions, boolean syncCommit) {
    public static final OverlayConfig DEFAULT = new OverlayConfig(false, false, false, List.of(), false);

    public OverlayConfig {
        mountOptions = List.copyOf(mountOptions);
    }
}
