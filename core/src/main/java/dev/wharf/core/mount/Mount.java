package dev.wharf.core.mount;

import java.util.List;

/**
 * One mount, in the words of fstab(5).
 *
 * @param type the file system type, {@code bind}, or {@code overlay}
 * @param source the device, directory, or a name where the type needs none
 * @param target where to mount it, relative to the root of the container; empty for the root itself
 * @param options fstab options, e.g. {@code ro}, {@code rbind}, {@code lowerdir=/a:/b}
 */
public record Mount(String type, String source, String target, List<String> options) {
    public Mount {
        options = List.copyOf(options);
    }

    /** A mount of the root itself. */
    public static Mount of(String type, String source, List<String> options) {
        return new Mount(type, source, "", options);
    }

    /** Whether one of the options is {@code ro}. */
    public boolean readOnly() {
        return options.contains("ro");
    }
}
