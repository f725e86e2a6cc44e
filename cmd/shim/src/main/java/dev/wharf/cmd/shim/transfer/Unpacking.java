package dev.wharf.cmd.shim.transfer;

import static dev.wharf.lib.linux.OpenAt2.RESOLVE_IN_ROOT;
import static dev.wharf.lib.linux.OpenAt2.RESOLVE_NO_SYMLINKS;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarException;
import dev.wharf.lib.tar.TarReader;
import dev.wharf.lib.tar.TarType;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.lib.tar.place.Nodes;
import dev.wharf.lib.tar.place.Parents;
import dev.wharf.lib.tar.place.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Unpacks an archive below a directory of a container, whose missing parts are made. Used once, by one thread.
 *
 * <p>Names stay below that directory; symbolic links in their parents are followed within the container. A file takes
 * the place of what has its name but a directory, at once and whole; what was unpacked before a failure stays.
 */
public final class Unpacking {
    /** An entry of any sane archive, and no more memory than this process can spare for several transfers. */
    private static final TarBounds BOUNDS = new TarBounds(1L << 40, 4_000_000, 4095, 256, 1 << 18, 1 << 16);

    private static final int BUFFER = 1 << 13;

    /** Directories that get their times at the end, when nothing more is made in them; those beyond get them at once. */
    private static final int LATE = 1 << 12;

    private final ContainerRoot root;
    private final Parents parents;
    private final EntryMaker maker;
    private final Map<String, TarEntry> directories = new LinkedHashMap<>();

    /** @param owners whether files get the owners the archive names, else the container's root */
    public Unpacking(ContainerRoot root, boolean owners) {
        this.root = root;
        this.parents = new Parents(root.directory(), new Missing(), BOUNDS.pathDepth());
        this.maker = new EntryMaker(root, owners);
    }

    /** Unpacks it. The interrupt of the thread ends it. */
    public void run(String path, InputStream in) throws InterruptedException {
        try (Parents closed = parents) {
            EntryPath directory = EntryPath.of(path, BOUNDS.pathDepth());
            closed.make(directory);
            unpack(directory, new TarReader(new BufferedInputStream(in, BUFFER), BOUNDS));
        } catch (ErrnoException | TarException | IllegalArgumentException e) {
            throw TransferFailures.of("copy to " + path, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unpack(EntryPath directory, TarReader archive) throws IOException, InterruptedException {
        TarEntry entry;
        while ((entry = archive.next()) != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                unpack(directory, entry, archive.content());
            } catch (ErrnoException | IllegalArgumentException e) {
                throw TransferFailures.of("copy to the container: entry " + entry.label(), e);
            }
        }
        directories.forEach(this::setTimes);
    }

    private void unpack(EntryPath directory, TarEntry entry, InputStream content) throws IOException {
        EntryPath own = EntryPath.of(entry.name(), BOUNDS.pathDepth());
        if (own.isRoot()) {
            return;
        }
        EntryPath path = directory.resolve(own, BOUNDS.pathDepth());
        if (entry.type() == TarType.HARD_LINK) {
            hardLink(directory, path, entry);
            return;
        }
        Place place = place(path);
        if (entry.type() == TarType.DIRECTORY) {
            if (maker.directory(place, entry) && directories.size() < LATE) {
                directories.put(place.path(), entry);
            }
        } else {
            maker.make(place, entry, content);
            directories.remove(place.path());
            parents.forget();
        }
    }

    private Place place(EntryPath path) {
        Place place = parents.place(path);
        requireData(place.directory());
        return place;
    }

    /** Links name another entry, as entries are named. */
    private void hardLink(EntryPath directory, EntryPath path, TarEntry entry) {
        EntryPath named = directory.resolve(EntryPath.of(entry.linkName(), BOUNDS.pathDepth()), BOUNDS.pathDepth());
        if (named.isRoot()) {
            throw new IllegalArgumentException("hard link to the root");
        }
        try (Fd target = Nodes.open(parents.existing(named))) {
            maker.hardLink(target, place(path));
        }
    }

    private static void requireData(Fd directory) {
        if (FileSystem.of(directory).isOfKernel()) {
            throw new IllegalArgumentException("its directory is on a file system of the kernel");
        }
    }

    private void setTimes(String path, TarEntry entry) {
        int flags = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
        try (Fd directory = OpenAt2.open(root.directory(), path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS)) {
            maker.setTimes(directory, entry);
        } catch (ErrnoException e) {
            if (!isGone(e)) {
                throw e;
            }
        }
    }

    /** Somebody in the container has put something else there. */
    private static boolean isGone(ErrnoException e) {
        return switch (e.errno()) {
            case ENOENT, ENOTDIR, ELOOP -> true;
            default -> false;
        };
    }

    /** Directories above entries that neither the container nor the archive has. */
    private final class Missing implements Parents.MissingDirectories {
        @Override
        public void make(Place place) {
            requireData(place.directory());
            root.making(() -> FilesAt.mkdir(place.directory(), place.name(), 0755));
            try (Fd directory = Nodes.open(place)) {
                FilesAt.chmod(directory, 0755);
            }
        }

        @Override
        public boolean replaceable(Stat found) {
            return false;
        }

        @Override
        public void replace(Place place) {
            throw new IllegalStateException("nothing is replaced by a directory: " + place.path());
        }
    }
}
