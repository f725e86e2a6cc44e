package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.place.EntryPath;
import dev.wharf.lib.tar.place.FileContent;
import dev.wharf.lib.tar.place.Nodes;
import dev.wharf.lib.tar.place.Parents;
import dev.wharf.lib.tar.place.Place;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes what an entry describes at its place.
 *
 * <p>What is there already goes first, with all below it; only a directory that meets a directory stays and takes the
 * new metadata.
 */
final class EntryWriter {
    private static final int NEW_FILE =
            OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;

    private static final int BUFFER = 1 << 17;

    private final Parents parents;
    private final Layering layering;
    private final int maxDepth;
    private final FileContent copier = new FileContent(BUFFER);
    private final NewFiles newFiles = new NewFiles();

    EntryWriter(Parents parents, Layering layering, int maxDepth) {
        this.parents = parents;
        this.layering = layering;
        this.maxDepth = maxDepth;
    }

    /** Makes the entry and answers its path below the root. */
    String write(EntryPath path, TarEntry entry, InputStream content) throws IOException {
        return switch (entry.type()) {
            case REGULAR -> regular(parents.place(path), entry, content);
            case HARD_LINK -> hardLink(path, entry);
            case DIRECTORY -> directory(parents.place(path), entry);
            case SYMLINK -> symlink(parents.place(path), entry);
            case FIFO -> special(parents.place(path), entry, FileType.FIFO, Device.NONE);
            case CHARACTER_DEVICE -> special(parents.place(path), entry, FileType.CHARACTER_DEVICE, device(entry));
            case BLOCK_DEVICE -> special(parents.place(path), entry, FileType.BLOCK_DEVICE, device(entry));
        };
    }

    private String regular(Place place, TarEntry entry, InputStream content) throws IOException {
        int mode = newFiles.mode(entry);
        try (Fd file = create(place, mode)) {
            copier.copy(content, file, entry);
            if (newFiles.isRight(file, place, entry, mode)) {
                Metadata.times(file, entry);
            } else {
                Metadata.apply(file, place, entry);
            }
        }
        return place.path();
    }

    private Fd create(Place place, int mode) {
        try {
            return FilesAt.open(place.directory(), place.name(), NEW_FILE, mode);
        } catch (ErrnoException e) {
            replaced(place, e);
            return FilesAt.open(place.directory(), place.name(), NEW_FILE, mode);
        }
    }

    private void fresh(Place place, Runnable make) {
        try {
            make.run();
        } catch (ErrnoException e) {
            replaced(place, e);
            make.run();
        }
    }

    /** Clears the place when the failure was that something is there; else passes the failure on. */
    private void replaced(Place place, ErrnoException failure) {
        if (!failure.is(Errno.EEXIST)) {
            throw failure;
        }
        Nodes.remove(place.directory(), place.name());
        parents.forget();
    }

    private String symlink(Place place, TarEntry entry) {
        fresh(place, () -> FilesAt.symlink(entry.linkName(), place.directory(), place.name()));
        return adorned(place, entry);
    }

    private String directory(Place place, TarEntry entry) {
        mkdirOrKeep(place);
        return adorned(place, entry);
    }

    private void mkdirOrKeep(Place place) {
        try {
            FilesAt.mkdir(place.directory(), place.name(), 0700);
        } catch (ErrnoException e) {
            Stat found = e.is(Errno.EEXIST) ? Nodes.statOrNull(place) : null;
            if (found != null && found.type() == FileType.DIRECTORY) {
                return;
            }
            replaced(place, e);
            FilesAt.mkdir(place.directory(), place.name(), 0700);
            layering.replacedByDirectory(place);
        }
    }

    private String special(Place place, TarEntry entry, FileType type, Device device) {
        fresh(place, () -> FilesAt.mknod(place.directory(), place.name(), type.bits(), device));
        return adorned(place, entry);
    }

    private static Device device(TarEntry entry) {
        return new Device(saturated(entry.deviceMajor()), saturated(entry.deviceMinor()));
    }

    /** A number out of range stays out of range, for {@link Device} to refuse. */
    private static int saturated(long number) {
        return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static String adorned(Place place, TarEntry entry) {
        try (Fd node = Nodes.open(place)) {
            Metadata.apply(node, place, entry);
        }
        return place.path();
    }

    private String hardLink(EntryPath path, TarEntry entry) {
        EntryPath targetPath = EntryPath.of(entry.linkName(), maxDepth);
        if (targetPath.isRoot()) {
            throw new IllegalArgumentException("hard link to the root");
        }
        try (Fd target = openOrNull(targetPath)) {
            checkLinked(target, targetPath);
            Place place = parents.place(path);
            if (target == null) {
                fresh(place, () -> layering.linkFromBelow(targetPath, place));
            } else {
                fresh(place, () -> FilesAt.link(target, place.directory(), place.name()));
            }
            try (Fd node = Nodes.open(place)) {
                Metadata.applyToLinked(node, place, entry);
            }
            return place.path();
        }
    }

    private void checkLinked(@Nullable Fd target, EntryPath path) {
        Stat stat = target == null ? null : Stat.of(target);
        if (stat != null && stat.type() == FileType.DIRECTORY) {
            throw new IllegalArgumentException("hard link to a directory");
        }
        if (stat != null && layering.isWhiteout(stat)) {
            throw new ErrnoException(Errno.ENOENT, "open " + EntryPath.join(path.components()));
        }
    }

    private @Nullable Fd openOrNull(EntryPath path) {
        try {
            return Nodes.open(parents.existing(path));
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }
}
