package dev.wharf.plugins.diff.walking;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.OpenAt2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts on a new directory, unmounted when closed.
 *
 * <p>The directory is removed as an empty one only: should unmounting fail, nothing of what is mounted is lost. Options
 * that cannot hold for a passing mount are left out: {@code volatile}, as such an overlay could not be mounted again, and
 * {@code uidmap}, {@code gidmap}, as owners are to reach the disk as the layer has them.
 */
final class TempMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TempMount.class);

    private final Path root;

    private TempMount(Path root) {
        this.root = root;
    }

    static TempMount of(List<Mount> mounts, Path parent) {
        TempMount made = new TempMount(directory(parent));
        try {
            mounts.forEach(made::mount);
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static Path directory(Path parent) {
        try {
            Files.createDirectories(parent);
            return Files.createTempDirectory(parent, "wharf-diff-");
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("make a directory for a mount in " + parent, e);
        }
    }

    /** Where the mounts are. */
    Path root() {
        return root;
    }

    private void mount(Mount mount) {
        List<String> options =
                mount.options().stream().filter(TempMount::isKept).toList();
        try (Fd directory = Fd.directory(root)) {
            if (mount.target().isEmpty()) {
                Mounts.mount(mount.type(), mount.source(), root, options);
            } else {
                try (Fd target = OpenAt2.directoryInRoot(directory, mount.target())) {
                    Mounts.mount(mount.type(), mount.source(), target.procPath(), options);
                }
            }
        } catch (ErrnoException e) {
            throw failure(mount, e);
        } catch (IllegalArgumentException e) {
            throw ErrorKind.NOT_IMPLEMENTED.of("mount of type " + mount.type() + ": " + e.getMessage(), e);
        }
    }

    private static WharfException failure(Mount mount, ErrnoException e) {
        ErrorKind kind = e.is(Errno.ENODEV) ? ErrorKind.NOT_IMPLEMENTED : ErrorKind.FAILED_PRECONDITION;
        return kind.of("mount " + mount.type() + " of the snapshot to unpack into it: " + e.getMessage(), e);
    }

    private static boolean isKept(String option) {
        return !option.equals("volatile")
                && !option.equals("fsync=volatile")
                && !option.startsWith("uidmap=")
                && !option.startsWith("gidmap=");
    }

    @Override
    public void close() {
        try {
            unmount();
            Files.delete(root);
        } catch (ErrnoException | IOException e) {
            LOG.atError()
                    .addKeyValue("directory", root)
                    .setCause(e)
                    .log("temporary mount not removed; unmount it by hand");
        }
    }

    private void unmount() {
        try {
            Mounts.unmountRecursive(root, Mounts.UMOUNT_NOFOLLOW);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EBUSY)) {
                throw e;
            }
            Mounts.unmountRecursive(root, Mounts.UMOUNT_NOFOLLOW | Mounts.MNT_DETACH);
        }
    }
}
