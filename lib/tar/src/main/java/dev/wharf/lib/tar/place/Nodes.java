package dev.wharf.lib.tar.place;

import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looking at and removing names within open directories; no symbolic link is followed by any of it.
 *
 * <p>Removing recurs once a level, with a descriptor open for each: the bound of the depth of paths bounds both.
 */
public final class Nodes {
    private static final int DIRECTORY = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    private Nodes() {}

    /** What is at the place, or null when nothing is. */
    public static @Nullable Stat statOrNull(Place place) {
        try {
            return Stat.of(place.directory(), place.name(), OpenFlags.AT_SYMLINK_NOFOLLOW);
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    /** Opens what is at the place by O_PATH, a symbolic link itself. */
    public static Fd open(Place place) {
        return FilesAt.open(place.directory(), place.name(), OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
    }

    /** Removes a name and all below it; false when there was nothing. */
    public static boolean remove(Fd directory, String name) {
        try {
            FilesAt.unlink(directory, name);
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            if (!e.is(Errno.EISDIR) && !e.is(Errno.EPERM)) {
                throw e;
            }
        }
        try (Fd child = FilesAt.open(directory, name, DIRECTORY, 0)) {
            for (Directory.Entry entry : Directory.list(child)) {
                remove(child, entry.name());
            }
        }
        FilesAt.rmdir(directory, name);
        return true;
    }

    /** Removes all below a directory but what {@code keep} tells by its path; kept directories are looked into. */
    public static void removeChildren(Fd directory, String path, Predicate<String> keep) {
        for (Directory.Entry entry : Directory.list(directory)) {
            String child = Place.child(path, entry.name());
            if (!keep.test(child)) {
                remove(directory, entry.name());
            } else if (isDirectory(directory, entry.name())) {
                try (Fd fd = FilesAt.open(directory, entry.name(), DIRECTORY, 0)) {
                    removeChildren(fd, child, keep);
                }
            }
        }
    }

    private static boolean isDirectory(Fd directory, String name) {
        Stat stat = Stat.of(directory, name, OpenFlags.AT_SYMLINK_NOFOLLOW);
        return stat.type() == FileType.DIRECTORY;
    }
}
