package dev.wharf.plugins.snapshots;

import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotIndex.Snapshot;
import dev.wharf.lib.linux.Directory;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of one snapshotter, in step with its index; see the package for their names.
 *
 * <p>Safe for several threads; holds no lock while it works on files.
 */
public final class SnapshotDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDirectories.class);
    private static final String MAKING = "new-";
    private static final String DELETING = "rm-";

    private final Path snapshots;
    private final SnapshotIndex index;

    /** Ids whose directory is being made and whose entry may not be there yet. */
    private final Set<Long> making = ConcurrentHashMap.newKeySet();

    private SnapshotDirectories(Path snapshots, SnapshotIndex index) {
        this.snapshots = snapshots;
        this.index = index;
    }

    /** Fills the directory of a new snapshot. */
    @FunctionalInterface
    public interface Filler {
        /** Works in an empty directory of mode 0700. */
        void fill(Path directory) throws IOException;
    }

    /**
     * Opens the directories below a snapshotter's root, which is made when missing. What a crash left is renamed now and
     * deleted in the background.
     */
    public static SnapshotDirectories open(Path root, SnapshotIndex index) {
        Path snapshots = root.resolve("snapshots");
        DiskErrors.during("open snapshots in " + root, () -> {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Files.createDirectories(
                    snapshots, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        });
        SnapshotDirectories directories = new SnapshotDirectories(snapshots, index);
        List<Path> rubbish = directories.takeRubbish();
        if (!rubbish.isEmpty()) {
            LOG.info("deleting what is left of snapshots that are gone root={} count={}", root, rubbish.size());
            Thread.ofVirtual().name("cleanup " + root).start(() -> rubbish.forEach(SnapshotDirectories::delete));
        }
        return directories;
    }

    /** The directory of a snapshot, whether it exists or not. */
    public Path of(long id) {
        return snapshots.resolve(Long.toString(id));
    }

    /**
     * Makes a directory, brings it to the disk, then makes its entry; leaves neither when one of them fails.
     *
     * @param entry makes the entry in the index under the id it is given
     */
    public Snapshot create(Filler filler, LongFunction<Snapshot> entry) {
        long id = index.reserveId();
        making.add(id);
        try {
            make(id, filler);
            return enter(id, entry);
        } finally {
            making.remove(id);
        }
    }

    private void make(long id, Filler filler) {
        Path unfinished = snapshots.resolve(MAKING + id);
        boolean made = false;
        try {
            DiskErrors.during("make directory of snapshot " + id, () -> {
                FilesAt.mkdir(Fd.CWD, unfinished.toString(), 0700);
                filler.fill(unfinished);
                FilesAt.rename(Fd.CWD, unfinished.toString(), Fd.CWD, of(id).toString(), 0);
                syncNames();
                return id;
            });
            made = true;
        } finally {
            if (!made) {
                delete(unfinished);
                delete(of(id));
            }
        }
    }

    private Snapshot enter(long id, LongFunction<Snapshot> entry) {
        boolean entered = false;
        try {
            Snapshot snapshot = entry.apply(id);
            entered = true;
            return snapshot;
        } finally {
            if (!entered) {
                delete(of(id));
            }
        }
    }

    /** Brings the names of snapshots to the disk, and with the journal the few directories made below them. */
    private void syncNames() {
        try (Fd directory = openDirectory()) {
            FileIo.fsync(directory);
        }
    }

    /** Brings everything written to the file system of the snapshots to the disk. */
    public void syncFileSystem() {
        DiskErrors.during("sync file system of " + snapshots, () -> {
            try (Fd directory = openDirectory()) {
                FileIo.syncfs(directory);
            }
            return snapshots;
        });
    }

    private Fd openDirectory() {
        return Fd.open(snapshots, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
    }

    /** Deletes the directory of a snapshot whose entry is gone. A failure is logged: a later cleanup tries again. */
    public void remove(long id) {
        take(Long.toString(id)).ifPresent(SnapshotDirectories::delete);
    }

    /** Deletes every directory without an entry that nobody is making. Failures are logged, a later cleanup tries again. */
    public void cleanup() {
        takeRubbish().forEach(SnapshotDirectories::delete);
    }

    /**
     * Renames what is rubbish and answers where it is now.
     *
     * <p>The order makes this safe without a lock: names first, then what is being made, then the index. An entry is
     * made before its id leaves {@link #making}, so a name that was there first and is in neither is rubbish.
     */
    private List<Path> takeRubbish() {
        List<String> names = names();
        Set<Long> unfinished = Set.copyOf(making);
        Set<Long> known = index.ids();
        List<Path> rubbish = new ArrayList<>();
        for (String name : names) {
            if (!isInUse(name, unfinished, known)) {
                take(name).ifPresent(rubbish::add);
            }
        }
        return rubbish;
    }

    private List<String> names() {
        return DiskErrors.during("list " + snapshots, () -> {
            try (Fd directory = openDirectory()) {
                return Directory.list(directory).stream()
                        .map(Directory.Entry::name)
                        .toList();
            }
        });
    }

    private static boolean isInUse(String name, Set<Long> unfinished, Set<Long> known) {
        boolean isUnfinished = name.startsWith(MAKING);
        OptionalLong id = parseId(isUnfinished ? name.substring(MAKING.length()) : name);
        if (id.isEmpty()) {
            return false;
        }
        return unfinished.contains(id.getAsLong()) || (!isUnfinished && known.contains(id.getAsLong()));
    }

    private static OptionalLong parseId(String name) {
        try {
            return OptionalLong.of(Long.parseUnsignedLong(name));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Renames a directory so that half of it is never seen under an id; empty when that fails or it is gone. */
    private Optional<Path> take(String name) {
        if (name.startsWith(DELETING)) {
            return Optional.of(snapshots.resolve(name));
        }
        String taken = DELETING + name;
        try (Fd directory = openDirectory()) {
            FilesAt.rename(directory, name, directory, taken, 0);
            return Optional.of(snapshots.resolve(taken));
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                LOG.warn("cannot rename the directory of a snapshot that is gone path={}", snapshots.resolve(name), e);
            }
            return Optional.empty();
        }
    }

    private static void delete(Path directory) {
        try {
            TreeRemoval.delete(directory);
        } catch (ErrnoException e) {
            LOG.warn("cannot delete the directory of a snapshot that is gone path={}", directory, e);
        }
    }
}
