package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.MountFlag.*;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Options as written in fstab(5), sorted into what the kernel takes as flags, as propagation and as data.
 *
 * @param flags of {@link MountFlag} for the mount itself
 * @param propagation of {@link MountFlag}, each for a call of its own, in the order given
 * @param data what the file system itself reads, in the order given
 */
record MountOptions(int flags, List<Integer> propagation, List<String> data) {
    private static final Map<String, Integer> SET = new LinkedHashMap<>();
    private static final Map<String, Integer> CLEAR = Map.ofEntries(
            Map.entry("rw", RDONLY),
            Map.entry("suid", NOSUID),
            Map.entry("dev", NODEV),
            Map.entry("exec", NOEXEC),
            Map.entry("async", SYNCHRONOUS),
            Map.entry("nomand", MANDLOCK),
            Map.entry("symfollow", NOSYMFOLLOW),
            Map.entry("atime", NOATIME),
            Map.entry("diratime", NODIRATIME),
            Map.entry("norelatime", RELATIME),
            Map.entry("nostrictatime", STRICTATIME),
            Map.entry("nolazytime", LAZYTIME));

    private static final Map<String, Integer> PROPAGATIONS = Map.of(
            "private",
            PRIVATE,
            "rprivate",
            PRIVATE | REC,
            "shared",
            SHARED,
            "rshared",
            SHARED | REC,
            "slave",
            SLAVE,
            "rslave",
            SLAVE | REC,
            "unbindable",
            UNBINDABLE,
            "runbindable",
            UNBINDABLE | REC);

    static {
        SET.put("ro", RDONLY);
        SET.put("nosuid", NOSUID);
        SET.put("nodev", NODEV);
        SET.put("noexec", NOEXEC);
        SET.put("sync", SYNCHRONOUS);
        SET.put("remount", REMOUNT);
        SET.put("mand", MANDLOCK);
        SET.put("dirsync", DIRSYNC);
        SET.put("nosymfollow", NOSYMFOLLOW);
        SET.put("noatime", NOATIME);
        SET.put("nodiratime", NODIRATIME);
        SET.put("bind", BIND);
        SET.put("rbind", BIND | REC);
        SET.put("relatime", RELATIME);
        SET.put("strictatime", STRICTATIME);
        SET.put("lazytime", LAZYTIME);
    }

    MountOptions {
        propagation = List.copyOf(propagation);
        data = List.copyOf(data);
    }

    /** Sorts the options; later ones win over earlier ones. */
    static MountOptions parse(List<String> options) {
        int flags = 0;
        List<Integer> propagation = new ArrayList<>();
        List<String> data = new ArrayList<>();
        for (String option : options) {
            if (option.equals("loop") || option.startsWith("loop=")) {
                throw new IllegalArgumentException("mount option " + option + ": attach a loop device first");
            }
            if (SET.containsKey(option)) {
                flags |= SET.get(option);
            } else if (CLEAR.containsKey(option)) {
                flags &= ~CLEAR.get(option);
            } else if (PROPAGATIONS.containsKey(option)) {
                propagation.add(PROPAGATIONS.get(option));
            } else if (!option.isEmpty() && !option.equals("defaults")) {
                data.add(option);
            }
        }
        return new MountOptions(flags, propagation, data);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The data as one string, the way mount(2) takes it. */
    String joinedData() {
        return String.join(",", data);
    }
}
