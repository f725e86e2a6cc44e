package dev.wharf.plugins.snapshots.overlay;

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
import dev.wharf.plugins.snapshots.DiskErrors;
import dev.wharf.plugins.snapshots.DiskUsage;
import dev.wharf.plugins.snapshots.SnapshotDirectories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Snapshots as layers of overlayfs: each keeps only what it changes.
 *
 * <p>Commit does not bring the files to the disk, unless configured to: whoever unpacks an image calls syncfs once, after
 * the last of its layers is written and before the first of them is committed, which the capability {@code rebase}
 * (commit upon a parent) allows. A removed snapshot's files stay until {@link #cleanup}, unless configured otherwise.
 */
public final class OverlaySnapshotter implements Snapshotter {
    private static final String UPPERDIR = "containerd.io/snapshot/overlay.upperdir";

    private final SnapshotIndex index;
    private final OverlayConfig config;
    private final OverlayFeatures features;
    private final SnapshotDirectories directories;
    private final OverlayMounts mounts;

    private OverlaySnapshotter(
            SnapshotIndex index, OverlayConfig config, OverlayFeatures features, SnapshotDirectories directories) {
        this.index = index;
        this.config = config;
        this.features = features;
        this.directories = directories;
        this.mounts = new OverlayMounts(directories, features, config.mountOptions());
    }

    /**
     * A snapshotter with its directories below {@code root}, which is made when missing.
     *
     * <p>{@code FAILED_PRECONDITION} when the file system there is unfit for overlayfs; {@code INVALID_ARGUMENT} when
     * the path has a character that separates mount options.
     */
    public static OverlaySnapshotter open(Path root, SnapshotIndex index, OverlayConfig config) {
        checkPath(root.toString());
        SnapshotDirectories directories = SnapshotDirectories.open(root, index);
        return DiskErrors.during("look at the file system of " + root, () -> {
            OverlayFeatures.checkFileTypes(root);
            return new OverlaySnapshotter(index, config, OverlayFeatures.probe(root), directories);
        });
    }

    private static void checkPath(String root) {
        if (root.chars().anyMatch(c -> c == ':' || c == ',' || c == '\\')) {
            throw ErrorKind.INVALID_ARGUMENT.of("the root of the overlay snapshotter, \"" + root
                    + "\", must not contain ':', ',' or '\\': they separate mount options");
        }
    }

    /** What clients may ask of it: {@code remap-ids}, {@code only-remap-ids}, {@code rebase}. */
    public Set<String> capabilities() {
        Set<String> capabilities = new LinkedHashSet<>();
        if (features.remapIds()) {
            capabilities.add("remap-ids");
        }
        if (!config.slowChown()) {
            capabilities.add("only-remap-ids");
        }
        // Layers are put on others with whiteouts, which are devices: not to be made in a user namespace.
        if (!features.userNamespace()) {
            capabilities.add("rebase");
        }
        return capabilities;
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        return shown(ctx, index.stat(ctx, key));
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        return shown(ctx, index.update(ctx, withoutUpperdir(info), paths));
    }

    @Override
    public Usage usage(Context ctx, String key) {
        Snapshot snapshot = index.get(ctx, key);
        return snapshot.kind() == Kind.ACTIVE ? measure(snapshot) : index.usage(ctx, key);
    }

    private Usage measure(Snapshot snapshot) {
        return DiskErrors.during("measure snapshot " + snapshot.key(), () -> DiskUsage.of(fs(snapshot.id())));
    }

    @Override
    public List<Mount> mounts(Context ctx, String key) {
        Snapshot snapshot = index.get(ctx, key);
        if (snapshot.kind() == Kind.COMMITTED) {
            throw ErrorKind.FAILED_PRECONDITION.of("requested snapshot " + key + " not active or view");
        }
        return mounts.of(snapshot);
    }

    @Override
    public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
        return create(ctx, Kind.ACTIVE, key, parent, labels);
    }

    @Override
    public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
        return create(ctx, Kind.VIEW, key, parent, labels);
    }

    private List<Mount> create(Context ctx, Kind kind, String key, String parent, Map<String, String> labels) {
        Optional<Path> parentFs = parent.isEmpty()
                ? Optional.empty()
                : Optional.of(fs(index.get(ctx, parent).id()));
        return mounts.of(directories.create(
                directory -> OverlayLayout.fill(directory, kind, parentFs, labels),
                id -> index.create(ctx, id, kind, key, parent, labels)));
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Map<String, String> labels) {
        Snapshot active = index.get(ctx, key);
        Usage usage = active.kind() == Kind.ACTIVE ? measure(active) : Usage.NONE;
        if (config.syncCommit()) {
            directories.syncFileSystem();
        }
        index.commit(ctx, name, key, parent, usage, labels);
    }

    @Override
    public void remove(Context ctx, String key) {
        Snapshot removed = index.remove(ctx, key);
        if (config.syncRemove()) {
            directories.remove(removed.id());
        }
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        if (!config.upperdirLabel()) {
            index.walk(ctx, filters, visitor);
            return;
        }
        // Not from within the walk: the index may hold a transaction open there.
        List<SnapshotInfo> found = new ArrayList<>();
        index.walk(ctx, filters, found::add);
        found.forEach(info -> showUnlessGone(ctx, info, visitor));
    }

    private void showUnlessGone(Context ctx, SnapshotInfo info, Consumer<SnapshotInfo> visitor) {
        SnapshotInfo shown;
        try {
            shown = shown(ctx, info);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return;
            }
            throw e;
        }
        visitor.accept(shown);
    }

    @Override
    public void cleanup(Context ctx) {
        directories.cleanup();
    }

    /** As clients see it: with the label that tells where its changes are, if configured. */
    private SnapshotInfo shown(Context ctx, SnapshotInfo info) {
        if (!config.upperdirLabel()) {
            return info;
        }
        Map<String, String> labels = new HashMap<>(info.labels());
        labels.put(UPPERDIR, fs(index.get(ctx, info.name()).id()).toString());
        return withLabels(info, labels);
    }

    private static SnapshotInfo withoutUpperdir(SnapshotInfo info) {
        Map<String, String> labels = new HashMap<>(info.labels());
        labels.remove(UPPERDIR);
        return withLabels(info, labels);
    }

    private static SnapshotInfo withLabels(SnapshotInfo info, Map<String, String> labels) {
        return new SnapshotInfo(info.name(), info.parent(), info.kind(), labels, info.createdAt(), info.updatedAt());
    }

    private Path fs(long id) {
        return OverlayLayout.fs(directories.of(id));
    }
}
