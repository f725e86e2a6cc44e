package dev.wharf.plugins.snapshots.overlay;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.MountTree;
import dev.wharf.lib.linux.UserNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel can do with overlays whose layers are in a certain directory.
 *
 * @param index whether the mount option {@code index} is known
 * @param userNamespace whether this process is in a user namespace of its own
 * @param userXattr whether overlays must keep their marks in attributes of users
 * @param remapIds whether owners can be mapped by mounts
 */
record OverlayFeatures(boolean index, boolean userNamespace, boolean userXattr, boolean remapIds) {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayFeatures.class);
    private static final Path INDEX_PARAMETER = Path.of("/sys/module/overlay/parameters/index");

    /** What /proc/self/uid_map says in the first user namespace: all ids, as they are. */
    private static final String ALL_IDS = "0 0 4294967295";

    /** Some mapping of the root user, to see whether the file system takes any. */
    private static final String PROBE_MAP = "0 65534 1";

    /** Finds out; may start a short-lived process. */
    static OverlayFeatures probe(Path directory) {
        boolean userNamespace = inUserNamespace();
        boolean tmpfs = FileSystem.of(directory).type() == FileSystem.TMPFS;
        return new OverlayFeatures(
                Files.exists(INDEX_PARAMETER),
                userNamespace,
                userNamespace && !tmpfs && KernelVersion.running().isAtLeast(5, 11),
                KernelVersion.running().isAtLeast(5, 19) && mapsOwners(directory));
    }

    private static boolean inUserNamespace() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map"));
            return !map.strip().replaceAll("\\s+", " ").equals(ALL_IDS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell the user namespace", e);
        }
    }

    private static boolean mapsOwners(Path directory) {
        try (Fd namespace = UserNamespace.create(PROBE_MAP, PROBE_MAP);
                MountTree tree = MountTree.copyOf(directory, false)) {
            tree.mapOwners(namespace, false);
            return true;
        } catch (ErrnoException | UncheckedIOException e) {
            LOG.info("file owners cannot be mapped by mounts path={} reason={}", directory, e.getMessage());
            return false;
        }
    }

    /**
     * Throws {@code FAILED_PRECONDITION} unless the file system tells the types of files in its directories, without
     * which overlayfs shows deleted files.
     */
    static void checkFileTypes(Path directory) {
        try {
            Path probe = Files.createTempDirectory(directory, "d_type-check-");
            try {
                Path file = Files.createFile(probe.resolve("file"));
                boolean told = tellsTypes(probe);
                Files.delete(file);
                if (!told) {
                    throw ErrorKind.FAILED_PRECONDITION.of(directory + " on " + fileSystem(directory)
                            + " does not support d_type, which overlayfs needs; xfs has it when made with ftype=1");
                }
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("check " + directory + " for d_type: " + e, e);
        }
    }

    private static boolean tellsTypes(Path directory) {
        try (Fd fd = Fd.directory(directory)) {
            return Directory.list(fd).stream().allMatch(entry -> entry.type() == FileType.REGULAR);
        }
    }

    private static String fileSystem(Path directory) {
        return MountInfo.containing(directory).map(MountInfo::type).orElse("an unknown file system");
    }
}
