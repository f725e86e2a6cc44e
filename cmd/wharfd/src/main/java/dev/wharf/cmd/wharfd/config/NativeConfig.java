package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.snapshotter.v1.native}.
 *
 * @param rootPath where snapshots are, or empty for the plugin's own directory
 * @param syncCommit ({@code sync_commit}, wharf's own) whether a layer's files are durable before it is committed
 */
public record NativeConfig(String rootPath, boolean syncCommit) {
    static NativeConfig read(Section section) {
        return new NativeConfig(section.text("root_path", ""), section.flag("sync_commit", true));
    }
}
