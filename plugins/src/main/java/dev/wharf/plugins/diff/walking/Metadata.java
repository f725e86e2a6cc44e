package dev.wharf.plugins.diff.walking;

import static dev.wharf.lib.linux.OpenFlags.AT_EMPTY_PATH;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarType;
import dev.wharf.lib.tar.place.Place;
import java.nio.file.InvalidPathException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a file the owner, attributes, mode and times of its entry, in the order in which none undoes another. */
final class Metadata {
    /** Attributes of the administrator, with which an archive could steer an overlay; never taken from one. */
    static final String TRUSTED = "trusted.";

    private static final Logger LOG = LoggerFactory.getLogger(Metadata.class);
    private static final String USER = "user.";

    /** The last second whose nanoseconds since the epoch fit 64 bits; containerd's upper limit for times. */
    private static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    private Metadata() {}

    /** All of it, for a file that was just made; {@code node} can be an O_PATH descriptor, of a link too. */
    static void apply(Fd node, Place place, TarEntry entry) {
        FilesAt.chown(node, "", entry.uid(), entry.gid(), AT_EMPTY_PATH);
        applyToOwned(node, place, entry, entry.type() == TarType.SYMLINK);
    }

    /** The same for a hard link: its file has its owner already, and chown(2) would take its capabilities away. */
    static void applyToLinked(Fd node, Place place, TarEntry entry) {
        Stat stat = Stat.of(node);
        if (stat.uid() != entry.uid() || stat.gid() != entry.gid()) {
            FilesAt.chown(node, "", entry.uid(), entry.gid(), AT_EMPTY_PATH);
        }
        applyToOwned(node, place, entry, stat.type() == FileType.SYMLINK);
    }

    private static void applyToOwned(Fd node, Place place, TarEntry entry, boolean link) {
        xattrs(node, place, entry, link);
        if (!link) {
            FilesAt.chmod(node, entry.mode());
        }
        times(node, entry);
    }

    /** Sets the times alone; an access before the modification counts as at the modification, as in containerd. */
    static void times(Fd node, TarEntry entry) {
        Instant accessed = entry.accessed().isAfter(entry.modified()) ? entry.accessed() : entry.modified();
        FilesAt.setTimes(node, "", bounded(accessed), bounded(entry.modified()), AT_EMPTY_PATH);
    }

    private static Instant bounded(Instant time) {
        return time.isBefore(Instant.EPOCH) || time.isAfter(LATEST) ? Instant.EPOCH : time;
    }

    private static void xattrs(Fd node, Place place, TarEntry entry, boolean link) {
        entry.xattrs().forEach((name, value) -> {
            if (name.startsWith(TRUSTED) || !set(node, place, name, value, link)) {
                LOG.atDebug()
                        .addKeyValue("entry", entry.label())
                        .addKeyValue("xattr", name)
                        .log("extended attribute of layer ignored");
            }
        });
    }

    /** False when the file system keeps no such attributes, or none on this type of file. */
    private static boolean set(Fd node, Place place, String name, byte[] value, boolean link) {
        try {
            if (link) {
                Xattr.set(place.directory().procPath().resolve(place.name()), name, value, 0);
            } else {
                Xattr.set(node, name, value, 0);
            }
            return true;
        } catch (ErrnoException e) {
            if (e.is(Errno.EOPNOTSUPP) || (e.is(Errno.EPERM) && name.startsWith(USER))) {
                return false;
            }
            throw e;
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
