package dev.wharf.cmd.shim.cgroup;

import java.nio.file.Path;

/** Names of block devices by number. Source: proc(5), /proc/partitions. */
final class Partitions {
    private static final int FIELDS = 4;

    private Partitions() {}

    /** The path of the device node; "" for one that is not there. */
    static String name(long major, long minor) {
        return new Figures(Path.of("/proc"))
                .lines("partitions").stream()
                        .map(line -> line.strip().split(" +", -1))
                        .filter(parts -> parts.length == FIELDS
                                && parts[0].equals(Long.toString(major))
                                && parts[1].equals(Long.toString(minor)))
                        .map(parts -> "/dev/" + parts[FIELDS - 1])
                        .findFirst()
                        .orElse("");
    }
}
