package dev.wharf.cmd.shimwasi.spec;

import dev.wharf.shim.json.JsonObject;
import java.util.List;

/**
 * A mount of a container.
 *
 * @param destination path inside the root file system
 * @param type of the file system; {@code bind} or anything for a bind mount
 * @param source device or path
 * @param options as in fstab(5)
 */
public record SpecMount(String destination, String type, String source, List<String> options) {
    static SpecMount of(JsonObject mount) {
        return new SpecMount(
                mount.string("destination"), mount.string("type"), mount.string("source"), mount.strings("options"));
    }

    /** Whether files of the machine are shown to the container. */
    public boolean isBind() {
        return type.equals("bind") || options.contains("bind") || options.contains("rbind");
    }

    /**
     * Whether a module gets it. It gets files of the machine that the configuration names, and empty directories of its
     * own, but not the kernel's views (proc, sysfs, cgroup and the like), through which it could get out.
     */
    public boolean isForModules() {
        return isBind() || (type.equals("tmpfs") && !destination.equals("/dev"));
    }
}
