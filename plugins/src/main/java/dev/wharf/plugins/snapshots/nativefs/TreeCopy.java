package dev.wharf.plugins.snapshots.nativefs;

import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.plugins.snapshots.FileId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies a tree that does not change meanwhile, with all that makes up its files: owners, modes, times, extended
 * attributes, hard links, links, devices, fifos, sockets, holes.
 *
 * <p>Memory grows with the number of files that have several names, open descriptors with the depth.
 */
final class TreeCopy {
    private static final int SOURCE_DIRECTORY = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
    private static final int SOURCE_FILE = OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW;
    private static final int NEW_FILE = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    private static final int BLOCK = 512;

    private final Fd top;
    private final Runnable checkpoint;

    /** Where the first name of a file with several was copied to, below {@link #top}. */
    private final Map<FileId, String> linked = new HashMap<>();

    private TreeCopy(Fd top, Runnable checkpoint) {
        this.top = top;
        this.checkpoint = checkpoint;
    }

    /**
     * Copies what is in a directory, and its own attributes, to an existing empty one.
     *
     * @param checkpoint called for each directory; may throw to end the copying
     */
    static void copy(Path from, Path to, Runnable checkpoint) throws IOException {
        try (Fd source = Fd.open(from, SOURCE_DIRECTORY);
                Fd target = Fd.open(to, SOURCE_DIRECTORY)) {
            new TreeCopy(target, checkpoint).directory(source, target, "");
        }
    }

    private void directory(Fd source, Fd target, String path) throws IOException {
        checkpoint.run();
        Stat stat = Stat.of(source);
        for (Directory.Entry entry : Directory.list(source)) {
            entry(source, target, entry.name(), path);
        }
        FileAttributes.copy(source, target, stat);
    }

    private void entry(Fd source, Fd target, String name, String path) throws IOException {
        Stat stat = Stat.of(source, name, OpenFlags.AT_SYMLINK_NOFOLLOW);
        if (stat.type() == FileType.DIRECTORY) {
            subdirectory(source, target, name, path + name + "/");
            return;
        }
        String first = stat.links() > 1 ? linked.putIfAbsent(FileId.of(stat), path + name) : null;
        if (first != null) {
            FilesAt.link(top, first, target, name);
            return;
        }
        file(source, target, name, stat);
        FileAttributes.copy(source, target, name, stat);
    }

    private void subdirectory(Fd source, Fd target, String name, String path) throws IOException {
        FilesAt.mkdir(target, name, 0700);
        try (Fd from = FilesAt.open(source, name, SOURCE_DIRECTORY, 0);
                Fd to = FilesAt.open(target, name, SOURCE_DIRECTORY, 0)) {
            directory(from, to, path);
        }
    }

    private static void file(Fd source, Fd target, String name, Stat stat) throws IOException {
        switch (stat.type()) {
            case REGULAR -> content(source, target, name, stat);
            case SYMLINK -> FilesAt.symlink(FilesAt.readlink(source, name), target, name);
            case FIFO, SOCKET -> FilesAt.mknod(target, name, stat.type().bits() | 0600, Device.NONE);
            case CHARACTER_DEVICE, BLOCK_DEVICE ->
                FilesAt.mknod(target, name, stat.type().bits() | 0600, stat.special());
            case DIRECTORY, UNKNOWN -> throw new IOException("file of unknown type: " + name);
        }
    }

    private static void content(Fd source, Fd target, String name, Stat stat) throws IOException {
        try (Fd from = FilesAt.open(source, name, SOURCE_FILE, 0);
                Fd to = FilesAt.open(target, name, NEW_FILE, 0600)) {
            if (stat.blocks() * BLOCK < stat.size()) {
                FileContent.copySparse(from, to, stat.size());
            } else {
                FileContent.copy(from, to, stat.size());
            }
        }
    }
}
