package dev.wharf.plugins.snapshots.nativefs;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotIndex.Snapshot;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.plugins.snapshots.DiskErrors;
import dev.wharf.plugins.snapshots.DiskUsage;
import dev.wharf.plugins.snapshots.SnapshotDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Snapshots as full copies of their parents, reached by bind mounts; works on every file system.
 *
 * <p>A view of a parent is that parent's own directory, mounted read-only. Commit does not bring the files to the disk,
 * unless configured to: whoever unpacks a layer calls syncfs before it is committed. Removal deletes at once.
 */
public final class NativeSnapshotter implements Snapshotter {
    private static final int ROOT_MODE = 0755;

    /** No bound of its own: a copy takes as long as its parent is large. */
    private static final Duration UNBOUNDED = Duration.ofDays(365);

    private final SnapshotIndex index;
    private final NativeConfig config;
    private final SnapshotDirectories directories;

    private NativeSnapshotter(SnapshotIndex index, NativeConfig config, SnapshotDirectories directories) {
        this.index = index;
        this.config = config;
        this.directories = directories;
    }

    /** A snapshotter with its directories below {@code root}, which is made when missing. */
    public static NativeSnapshotter open(Path root, SnapshotIndex index, NativeConfig config) {
        return new NativeSnapshotter(index, config, SnapshotDirectories.open(root, index));
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        return index.stat(ctx, key);
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        return index.update(ctx, info, paths);
    }

    @Override
    public Usage usage(Context ctx, String key) {
        Snapshot snapshot = index.get(ctx, key);
        return snapshot.kind() == Kind.ACTIVE ? measure(snapshot) : index.usage(ctx, key);
    }

    private Usage measure(Snapshot snapshot) {
        Path directory = directories.of(snapshot.id());
        return DiskErrors.during("measure snapshot " + snapshot.key(), () -> DiskUsage.of(directory));
    }

    @Override
    public List<Mount> mounts(Context ctx, String key) {
        Snapshot snapshot = index.get(ctx, key);
        if (snapshot.kind() == Kind.COMMITTED) {
            throw ErrorKind.FAILED_PRECONDITION.of("requested snapshot " + key + " not active or view");
        }
        return mounts(snapshot);
    }

    private List<Mount> mounts(Snapshot snapshot) {
        boolean active = snapshot.kind() == Kind.ACTIVE;
        boolean own = active || snapshot.parents().isEmpty();
        long id = own ? snapshot.id() : snapshot.parents().getFirst();
        return List.of(Mount.of("bind", directories.of(id).toString(), List.of("rbind", active ? "rw" : "ro")));
    }

    @Override
    public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
        refuseExisting(ctx, key);
        Optional<Snapshot> original = parent.isEmpty() ? Optional.empty() : Optional.of(committed(ctx, parent));
        return mounts(directories.create(
                directory -> fill(ctx, directory, original),
                id -> index.create(ctx, id, Kind.ACTIVE, key, parent, labels)));
    }

    @Override
    public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
        if (!parent.isEmpty()) {
            return mounts(index.create(ctx, index.reserveId(), Kind.VIEW, key, parent, labels));
        }
        return mounts(directories.create(
                directory -> fill(ctx, directory, Optional.empty()),
                id -> index.create(ctx, id, Kind.VIEW, key, parent, labels)));
    }

    /** Spares the copying for a key that is taken; the index decides in the end. */
    private void refuseExisting(Context ctx, String key) {
        try {
            index.stat(ctx, key);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return;
            }
            throw e;
        }
        throw ErrorKind.ALREADY_EXISTS.of("snapshot " + key);
    }

    private Snapshot committed(Context ctx, String parent) {
        Snapshot snapshot = index.get(ctx, parent);
        if (snapshot.kind() != Kind.COMMITTED) {
            throw ErrorKind.INVALID_ARGUMENT.of("parent \"" + parent + "\" is not committed snapshot");
        }
        return snapshot;
    }

    private void fill(Context ctx, Path directory, Optional<Snapshot> original) throws IOException {
        if (original.isPresent()) {
            Path from = directories.of(original.get().id());
            TreeCopy.copy(from, directory, () -> ctx.remaining(UNBOUNDED));
        } else {
            FilesAt.chmod(Fd.CWD, directory.toString(), ROOT_MODE);
        }
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Map<String, String> labels) {
        if (!parent.isEmpty()) {
            checkSameParent(ctx, key, parent);
        }
        Snapshot active = index.get(ctx, key);
        Usage usage = active.kind() == Kind.ACTIVE ? measure(active) : Usage.NONE;
        if (config.syncCommit()) {
            directories.syncFileSystem();
        }
        index.commit(ctx, name, key, parent, usage, labels);
    }

    /** A full copy of nothing cannot be put upon a parent afterwards. */
    private void checkSameParent(Context ctx, String key, String parent) {
        if (!index.stat(ctx, key).parent().equals(parent)) {
            throw ErrorKind.INVALID_ARGUMENT.of("the native snapshotter cannot change the parent of " + key);
        }
    }

    @Override
    public void remove(Context ctx, String key) {
        directories.remove(index.remove(ctx, key).id());
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        index.walk(ctx, filters, visitor);
    }

    @Override
    public void cleanup(Context ctx) {
        directories.cleanup();
    }
}
