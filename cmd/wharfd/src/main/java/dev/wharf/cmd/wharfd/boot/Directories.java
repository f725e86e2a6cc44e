package dev.wharf.cmd.wharfd.boot;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories of a daemon and their modes. Source: contract 6.1, 6.2 and 3.1. */
public final class Directories {
    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

    private Directories() {}

    /** Makes root (0700), state (0711) and, where one is named, the directory for temporary files (0700). */
    public static void prepare(Path root, Path state, String temp) {
        make(root, "rwx------");
        make(state, "rwx--x--x");
        if (!temp.isEmpty()) {
            make(Path.of(temp), "rwx------");
        }
    }

    /** Makes {@code <root>/tmpmounts} and takes away what a daemon that died left mounted there. */
    public static Path temporaryMounts(Path root) {
        Path directory = root.resolve("tmpmounts");
        make(directory, "rwx------");
        List<String> left = MountInfo.read().stream()
                .map(MountInfo::mountPoint)
                .filter(point -> point.startsWith(directory + "/"))
                .toList();
        if (!left.isEmpty()) {
            LOG.info("unmounting what an earlier daemon left mounts={}", left);
            Mounts.unmountRecursive(directory, Mounts.MNT_DETACH | Mounts.UMOUNT_NOFOLLOW);
        }
        return directory;
    }

    private static void make(Path directory, String mode) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw ErrorKind.UNKNOWN.of("make directory " + directory + " (" + e + ")", e);
        }
    }
}
