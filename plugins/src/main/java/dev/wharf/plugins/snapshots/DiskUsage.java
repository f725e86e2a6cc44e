package dev.wharf.plugins.snapshots;

import dev.wharf.core.snapshots.Usage;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What a tree takes on disk: allocated blocks and inodes, the top directory included, hard links counted once.
 *
 * <p>The tree may change meanwhile: what is gone when its turn comes does not count. Memory grows with the number of
 * files that have several names, open descriptors with the depth.
 */
public final class DiskUsage {
    private static final int BLOCK = 512;
    private static final int DIRECTORY = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    private final Set<FileId> linked = new HashSet<>();
    private long size;
    private long inodes;

    private DiskUsage() {}

    /** The usage of a directory with all below it. */
    public static Usage of(Path directory) {
        DiskUsage usage = new DiskUsage();
        try (Fd fd = Fd.open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)) {
            usage.count(Stat.of(fd));
            usage.addEntries(fd);
        }
        return new Usage(usage.size, usage.inodes);
    }

    private void addEntries(Fd directory) {
        for (Directory.Entry entry : Directory.list(directory)) {
            try {
                add(directory, entry.name());
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
        }
    }

    private void add(Fd directory, String name) {
        Stat stat = Stat.of(directory, name, OpenFlags.AT_SYMLINK_NOFOLLOW);
        boolean isDirectory = stat.type() == FileType.DIRECTORY;
        if (isDirectory || stat.links() == 1 || linked.add(FileId.of(stat))) {
            count(stat);
        }
        if (isDirectory) {
            try (Fd child = FilesAt.open(directory, name, DIRECTORY, 0)) {
                addEntries(child);
            }
        }
    }

    private void count(Stat stat) {
        size += stat.blocks() * BLOCK;
        inodes++;
    }
}
