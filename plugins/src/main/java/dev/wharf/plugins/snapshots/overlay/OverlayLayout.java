package dev.wharf.plugins.snapshots.overlay;

import dev.wharf.core.snapshots.Kind;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes what is in the directory of one snapshot: {@code fs}, and {@code work} for an active one. */
final class OverlayLayout {
    static final String UID_MAPPING = "containerd.io/snapshot/uidmapping";
    static final String GID_MAPPING = "containerd.io/snapshot/gidmapping";

    private static final int FS_MODE = 0755;
    private static final int WORK_MODE = 0711;

    private OverlayLayout() {}

    /** Where the changes of a snapshot are. */
    static Path fs(Path snapshot) {
        return snapshot.resolve("fs");
    }

    /** Where overlayfs keeps files of its own. */
    static Path work(Path snapshot) {
        return snapshot.resolve("work");
    }

    /**
     * Makes the directories of a snapshot. The root of its files has owner and mode of the parent's, as both are the
     * same directory to whoever mounts it; owners that labels map win.
     *
     * @param parentFs the parent's {@code fs}, if there is a parent
     */
    static void fill(Path snapshot, Kind kind, Optional<Path> parentFs, Map<String, String> labels) {
        try (Fd directory = Fd.directory(snapshot)) {
            FilesAt.mkdir(directory, "fs", FS_MODE);
            Optional<Stat> parent = parentFs.map(Stat::of);
            parent.ifPresent(stat -> chown(directory, stat.uid(), stat.gid()));
            if (labels.containsKey(UID_MAPPING) || labels.containsKey(GID_MAPPING)) {
                chown(directory, root(labels, UID_MAPPING), root(labels, GID_MAPPING));
            }
            FilesAt.chmod(directory, "fs", parent.map(Stat::permissions).orElse(FS_MODE));
            if (kind == Kind.ACTIVE) {
                FilesAt.mkdir(directory, "work", WORK_MODE);
                FilesAt.chmod(directory, "work", WORK_MODE);
            }
        }
    }

    private static void chown(Fd directory, int uid, int gid) {
        FilesAt.chown(directory, "fs", uid, gid, OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    private static int root(Map<String, String> labels, String label) {
        return IdMapping.parse(labels.getOrDefault(label, "")).root();
    }
}
