package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.internal.v1.opt}: where shims and engines can be installed beside those of the system.
 *
 * @param path its {@code bin} directory is searched before PATH
 */
public record OptConfig(String path) {
    static OptConfig read(Section section) {
        return new OptConfig(section.text("path", "/opt/containerd"));
    }
}
