package dev.wharf.plugins.diff.walking;

import static dev.wharf.lib.linux.OpenAt2.RESOLVE_IN_ROOT;
import static dev.wharf.lib.linux.OpenAt2.RESOLVE_NO_SYMLINKS;

import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
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
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks one layer below a directory. Used once, by one thread.
 *
 * <p>An entry that resolves to the root itself is ignored, as containerd does. Times of directories are set at the end,
 * as every file made in one changes them. Source: OCI image specification, "Applying Changesets".
 */
final class LayerUnpacker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LayerUnpacker.class);
    private static final String WHITEOUT = ".wh.";
    private static final String WHITEOUT_META = ".wh..wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final Fd root;
    private final Layering layering;
    private final boolean devices;
    private final int maxDepth;
    private final Parents parents;
    private final EntryWriter writer;

    /** Paths this layer made, at most {@link TarBounds#entries()} and the directories above them. */
    private final Set<String> unpacked = new HashSet<>();

    private final Map<String, TarEntry> directories = new HashMap<>();

    /**
     * An unpacker.
     *
     * @param devices whether device nodes are made; without, they are left out, as user namespaces forbid them
     */
    LayerUnpacker(Fd root, Layering layering, TarBounds bounds, boolean devices) {
        this.root = root;
        this.layering = layering;
        this.devices = devices;
        this.maxDepth = bounds.pathDepth();
        this.parents = new Parents(root, new Implied(), maxDepth);
        this.writer = new EntryWriter(parents, layering, maxDepth);
    }

    /** Unpacks all entries; {@code check} throws when the request has ended. */
    void unpack(TarReader archive, Runnable check) throws IOException {
        TarEntry entry;
        while ((entry = next(archive)) != null) {
            check.run();
            try {
                unpack(entry, archive);
            } catch (ErrnoException | IllegalArgumentException e) {
                throw ApplyFailures.of(entry, e);
            } catch (TarException e) {
                throw ApplyFailures.of(entry, e);
            } catch (WharfException e) {
                throw e.during("apply entry " + entry.label());
            }
        }
        directories.forEach(this::setTimes);
    }

    private static @Nullable TarEntry next(TarReader archive) throws IOException {
        try {
            return archive.next();
        } catch (TarException e) {
            throw ApplyFailures.of(e);
        }
    }

    private void unpack(TarEntry entry, TarReader archive) throws IOException {
        EntryPath path = EntryPath.of(entry.name(), maxDepth);
        if (path.isRoot() || isSkippedDevice(entry)) {
            return;
        }
        String base = path.base();
        if (base.equals(OPAQUE)) {
            layering.opaque(parents.place(path), unpacked::contains);
            parents.forget();
        } else if (base.startsWith(WHITEOUT_META)) {
            LOG.atDebug().addKeyValue("entry", entry.label()).log("whiteout metadata ignored");
        } else if (base.startsWith(WHITEOUT)) {
            whiteout(parents.place(path), entry);
        } else {
            made(writer.write(path, entry, archive.content()), entry);
        }
    }

    private boolean isSkippedDevice(TarEntry entry) {
        return !devices && (entry.type() == TarType.CHARACTER_DEVICE || entry.type() == TarType.BLOCK_DEVICE);
    }

    private void whiteout(Place marker, TarEntry entry) {
        String name = marker.name().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("invalid whiteout name");
        }
        Place removed = new Place(marker.directory(), marker.directoryPath(), name);
        layering.whiteout(removed, entry);
        directories.remove(removed.path());
        parents.forget();
    }

    private void made(String path, TarEntry entry) {
        unpacked.add(path);
        if (entry.type() == TarType.DIRECTORY) {
            directories.put(path, entry);
        } else {
            directories.remove(path);
        }
    }

    private void setTimes(String path, TarEntry entry) {
        int flags = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
        try (Fd directory = OpenAt2.open(root, path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS)) {
            Metadata.times(directory, entry);
        } catch (ErrnoException e) {
            if (!isGone(e)) {
                throw ApplyFailures.of(entry, e);
            }
        }
    }

    /** A later entry put something else in its place, or removed a directory above it. */
    private static boolean isGone(ErrnoException e) {
        return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP);
    }

    /** Directories above entries: made with mode 0755 unless the layers below know better. */
    private final class Implied implements Parents.MissingDirectories {
        @Override
        public void make(Place place) {
            FilesAt.mkdir(place.directory(), place.name(), 0755);
            try (Fd directory = Nodes.open(place)) {
                FilesAt.chmod(directory, 0755);
                layering.adorn(place, directory);
            }
            unpacked.add(place.path());
        }

        @Override
        public boolean replaceable(Stat found) {
            return layering.isWhiteout(found);
        }

        @Override
        public void replace(Place place) {
            Nodes.remove(place.directory(), place.name());
            FilesAt.mkdir(place.directory(), place.name(), 0755);
            layering.replacedByDirectory(place);
            unpacked.add(place.path());
        }
    }

    @Override
    public void close() {
        parents.close();
    }
}
