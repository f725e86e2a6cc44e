package dev.wharf.cmd.shim.transfer;

import static dev.wharf.lib.linux.OpenAt2.RESOLVE_IN_ROOT;
import static dev.wharf.lib.linux.OpenAt2.RESOLVE_NO_MAGICLINKS;

import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.Segment;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarException;
import dev.wharf.lib.tar.TarType;
import dev.wharf.lib.tar.TarWriter;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.shim.ShimException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Archives what is at a path of a container: a symbolic link there as itself, unless the path ends in a slash. Used
 * once, by one thread.
 *
 * <p>Files that vanish meanwhile are left out, as are sockets; of the kernel's file systems only the directories they
 * are mounted on go along.
 */
public final class Packing {
    private static final int DEPTH = 256;
    private static final int BUFFER = 1 << 15;

    /** Files with several names that are remembered; what is beyond is archived under each of them. */
    private static final int LINKS = 1 << 12;

    private static final int NODE = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW;
    private static final int READ = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY;

    private final ContainerRoot root;
    private final boolean walk;
    private final Attributes attributes;
    private final TarWriter archive;
    private final BufferedOutputStream out;
    private final Map<Inode, String> links = new HashMap<>();
    private byte[] bytes = {};

    private record Inode(Device device, long number) {}

    /** @param walk whether what is in a directory goes along */
    public Packing(ContainerRoot root, boolean walk, OutputStream out) {
        this.root = root;
        this.walk = walk;
        this.attributes = new Attributes(root);
        this.out = new BufferedOutputStream(out, BUFFER);
        this.archive = new TarWriter(this.out);
    }

    /** Archives it; NOT_FOUND naming the path. The interrupt of the thread ends it. */
    public void run(String path) throws InterruptedException {
        try {
            pack(path);
            archive.finish();
            out.flush();
        } catch (ErrnoException | TarException | IllegalArgumentException e) {
            throw TransferFailures.of("copy from " + path, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Stopped e) {
            throw new InterruptedException();
        }
    }

    /** Unwinds the walk. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super(null, null, false, false);
        }
    }

    private void pack(String path) throws IOException {
        EntryPath entry = EntryPath.of(path, DEPTH);
        try (Fd node = open(path, entry)) {
            Stat stat = Stat.of(node);
            boolean ofKernel = FileSystem.of(node).isOfKernel();
            if (stat.type() == FileType.SOCKET || (walk && ofKernel && stat.type() == FileType.REGULAR)) {
                throw ShimException.unimplemented("copy from " + path + ": it is no data that could be archived, but a "
                        + (ofKernel ? "file of the kernel" : "socket"));
            }
            String name = entry.isRoot() ? "." : entry.base();
            pack(node, stat, name, new Level(0, stat.mountId(), ofKernel));
        }
    }

    private Fd open(String path, EntryPath entry) {
        if (entry.isRoot() || path.endsWith("/") || path.endsWith("/.")) {
            return inRoot(EntryPath.join(entry.components()), OpenFlags.O_DIRECTORY);
        }
        try (Fd parent = inRoot(EntryPath.join(entry.parent()), OpenFlags.O_DIRECTORY)) {
            return FilesAt.open(parent, entry.base(), NODE, 0);
        }
    }

    private Fd inRoot(String path, int flags) {
        try {
            return OpenAt2.open(
                    root.directory(), path, OpenFlags.O_PATH | flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
        } catch (ErrnoException e) {
            throw e.is(Errno.ENOTDIR) ? new ErrnoException(Errno.ENOENT, "open " + path) : e;
        }
    }

    /**
     * Where in the tree something is.
     *
     * @param mount it was reached through
     * @param ofKernel whether that is a file system of the kernel
     */
    private record Level(int depth, long mount, boolean ofKernel) {
        Level below(Fd node, Stat stat) {
            boolean same = stat.mountId() == mount;
            return new Level(
                    depth + 1,
                    stat.mountId(),
                    same ? ofKernel : FileSystem.of(node).isOfKernel());
        }
    }

    private void pack(Fd node, Stat stat, String name, Level level) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new Stopped();
        }
        switch (stat.type()) {
            case DIRECTORY -> directory(node, stat, name, level);
            case REGULAR -> regular(node, stat, name, level);
            case SYMLINK -> archive.entry(entry(stat, name, TarType.SYMLINK, FilesAt.readlink(node, ""), 0, Map.of()));
            case FIFO -> archive.entry(special(stat, name, TarType.FIFO));
            case CHARACTER_DEVICE -> archive.entry(special(stat, name, TarType.CHARACTER_DEVICE));
            case BLOCK_DEVICE -> archive.entry(special(stat, name, TarType.BLOCK_DEVICE));
            case SOCKET, UNKNOWN -> {}
        }
    }

    private void directory(Fd node, Stat stat, String name, Level level) throws IOException {
        Map<String, byte[]> own = level.ofKernel ? Map.of() : attributes.of(node);
        archive.entry(entry(stat, name + "/", TarType.DIRECTORY, "", 0, own));
        if (!walk || level.ofKernel) {
            return;
        }
        if (level.depth >= DEPTH) {
            throw new TarException(TarException.Kind.TOO_MUCH, "directories are more than " + DEPTH + " deep");
        }
        Directory.forEach(node, child -> {
            String path = name.equals(".") ? child.name() : name + "/" + child.name();
            child(node, child.name(), path, level);
        });
    }

    private void child(Fd directory, String name, String path, Level level) throws IOException {
        Fd opened;
        try {
            opened = FilesAt.open(directory, name, NODE, 0);
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT)) {
                return;
            }
            throw e;
        }
        try (Fd node = opened) {
            Stat stat = Stat.of(node);
            pack(node, stat, path, level.below(node, stat));
        }
    }

    private void regular(Fd node, Stat stat, String name, Level level) throws IOException {
        if (level.ofKernel) {
            if (level.depth == 0) {
                archive.entry(entry(stat, name, TarType.REGULAR, "", 0, Map.of()));
            }
            return;
        }
        String known = linked(stat, name);
        if (!known.isEmpty()) {
            archive.entry(entry(stat, name, TarType.HARD_LINK, known, 0, Map.of()));
            return;
        }
        try (Fd file = Fd.open(node.procPath(), READ)) {
            archive.entry(entry(stat, name, TarType.REGULAR, "", stat.size(), attributes.of(file)));
            content(file, name, stat.size());
        }
    }

    /** The name under which this file was archived already, else empty. */
    private String linked(Stat stat, String name) {
        if (stat.links() < 2) {
            return "";
        }
        Inode inode = new Inode(stat.device(), stat.inode());
        String known = links.get(inode);
        if (known == null && links.size() < LINKS) {
            links.put(inode, name);
        }
        return known == null ? "" : known;
    }

    /** As much as the file had when it was looked at: what a program still adds to it comes too late. */
    private void content(Fd file, String name, long size) throws IOException {
        int most = (int) Math.min(BUFFER, size);
        if (bytes.length < most) {
            bytes = new byte[most];
        }
        for (long left = size; left > 0; ) {
            int count = FileIo.read(file, bytes, 0, (int) Math.min(bytes.length, left));
            if (count == 0) {
                throw ShimException.failedPrecondition(
                        "copy from the container: " + name + " became shorter while it was read");
            }
            archive.content(bytes, 0, count);
            left -= count;
        }
    }

    private TarEntry special(Stat stat, String name, TarType type) {
        return entry(stat, name, type, "", 0, Map.of());
    }

    private TarEntry entry(Stat stat, String name, TarType type, String link, long size, Map<String, byte[]> xattrs) {
        return new TarEntry(
                name,
                type,
                link,
                stat.permissions(),
                root.users().inside(stat.uid()),
                root.groups().inside(stat.gid()),
                size,
                List.of(new Segment(0, size)),
                stat.modified(),
                stat.accessed(),
                stat.special().major(),
                stat.special().minor(),
                xattrs);
    }
}
