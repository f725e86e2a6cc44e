package dev.wharf.plugins.snapshots.nativefs;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a copy the owner, mode, extended attributes and times of its original. */
final class FileAttributes {
    private static final Logger LOG = LoggerFactory.getLogger(FileAttributes.class);
    private static final int LINK_ITSELF = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW;

    private FileAttributes() {}

    /** Copies the attributes of what has the same name in two directories. */
    static void copy(Fd fromDirectory, Fd toDirectory, String name, Stat stat) {
        FilesAt.chown(toDirectory, name, stat.uid(), stat.gid(), OpenFlags.AT_SYMLINK_NOFOLLOW);
        if (stat.type() == FileType.SYMLINK) {
            copyXattrsOfLink(fromDirectory, toDirectory, name);
        } else {
            try (Fd from = FilesAt.open(fromDirectory, name, LINK_ITSELF, 0);
                    Fd to = FilesAt.open(toDirectory, name, LINK_ITSELF, 0)) {
                FilesAt.chmod(to, stat.permissions());
                copyXattrs(from, to);
            }
        }
        FilesAt.setTimes(toDirectory, name, stat.accessed(), stat.modified(), OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    /** Copies the attributes of an open directory. After the owner, because a change of owner takes some away. */
    static void copy(Fd from, Fd to, Stat stat) {
        FilesAt.chown(to, "", stat.uid(), stat.gid(), OpenFlags.AT_EMPTY_PATH);
        FilesAt.chmod(to, stat.permissions());
        copyXattrs(from, to);
        FilesAt.setTimes(Fd.CWD, to.procPath().toString(), stat.accessed(), stat.modified(), 0);
    }

    private static void copyXattrs(Fd from, Fd to) {
        for (String name : Xattr.list(from)) {
            Xattr.get(from, name).ifPresent(value -> setIfAllowed(name, () -> Xattr.set(to, name, value, 0)));
        }
    }

    private static void copyXattrsOfLink(Fd fromDirectory, Fd toDirectory, String link) {
        try {
            Path from = fromDirectory.procPath().resolve(link);
            Path to = toDirectory.procPath().resolve(link);
            for (String name : Xattr.list(from)) {
                Xattr.get(from, name).ifPresent(value -> setIfAllowed(name, () -> Xattr.set(to, name, value, 0)));
            }
        } catch (InvalidPathException e) {
            LOG.debug("extended attributes of a link whose name is not UTF-8 are not copied", e);
        }
    }

    /** Some attributes (of security modules, say) are not this process's to set. */
    private static void setIfAllowed(String name, Runnable set) {
        try {
            set.run();
        } catch (ErrnoException e) {
            if (!e.is(Errno.EPERM) && !e.is(Errno.EACCES) && !e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            LOG.debug("extended attribute is not copied name={}", name, e);
        }
    }
}
