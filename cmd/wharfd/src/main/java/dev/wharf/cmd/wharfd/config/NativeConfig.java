package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.snapshotter.v1.native}.
 *
 * @param rootPath where snapshots are, or empty for the plugin's own directory
 */
public record NativeConfig(String rootPath) {
    static NativeConfig read(Section section) {
        return new NativeConfig(section.text("root_path", ""));
    }
}
