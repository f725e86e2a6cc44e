package dev.wharf.cmd.wharfd.config;

import java.util.List;

/**
 * {@code io.containerd.snapshotter.v1.overlayfs}.
 *
 * @param rootPath where snapshots are, or empty for the plugin's own directory
 * @param upperDirLabel whether snapshots carry the path of their upper directory as a label
 * @param syncRemove whether removing waits until the files are gone
 * @param slowChown whether files are given other owners one by one where the kernel cannot map them
 * @param mountOptions options of every overlay mount
 * @param syncCommit ({@code sync_commit}, wharf's own) whether a layer's files are durable before it is committed
 */
public record OverlayConfig(
        String rootPath,
        boolean upperDirLabel,
        boolean syncRemove,
        boolean slowChown,
        List<String> mountOptions,
        boolean syncCommit) {
    static OverlayConfig read(Section section) {
        return new OverlayConfig(
                section.text("root_path", ""),
                section.flag("upperdir_label", false),
                section.flag("sync_remove", false),
                section.flag("slow_chown", false),
                section.texts("mount_options", List.of()),
                section.flag("sync_commit", true));
    }
}
