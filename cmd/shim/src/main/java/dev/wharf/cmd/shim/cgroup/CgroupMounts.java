package dev.wharf.cmd.shim.cgroup;

import dev.wharf.lib.linux.MountInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where control groups are mounted.
 *
 * @param unified whether there is version 2 alone
 * @param byController mount points of version 1, or that of version 2 under ""
 */
record CgroupMounts(boolean unified, Map<String, Path> byController) {
    private static final Path TOP = Path.of("/sys/fs/cgroup");

    CgroupMounts {
        byController = Map.copyOf(byController);
    }

    /** Found out once: mounts of control groups do not move. */
    private static final class Machine {
        static final CgroupMounts MOUNTS = of(MountInfo.read());

        private Machine() {}
    }

    static CgroupMounts get() {
        return Machine.MOUNTS;
    }

    /** Version 2 stands alone where it is mounted at the top. */
    static CgroupMounts of(List<MountInfo> mounts) {
        Map<String, Path> legacy = new HashMap<>();
        boolean unified = false;
        for (MountInfo mount : mounts) {
            if (mount.type().equals("cgroup2") && mount.mountPoint().equals(TOP.toString())) {
                unified = true;
            }
            if (mount.type().equals("cgroup")) {
                mount.superOptions().forEach(controller -> legacy.putIfAbsent(controller, Path.of(mount.mountPoint())));
            }
        }
        return unified ? new CgroupMounts(true, Map.of("", TOP)) : new CgroupMounts(false, legacy);
    }
}
