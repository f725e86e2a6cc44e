package dev.wharf.plugins.transfer.local;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes the snapshots it is asked for, but says it was interrupted and does not know, as a store may have to. */
record DoubtfulSnapshotter(Snapshotter inner) implements Snapshotter {
    @Override
    public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
        List<Mount> made = inner.prepare(ctx, key, parent, labels);
        throw ErrorKind.CANCELLED.of("interrupted; the change may still be made of " + made.size());
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        return inner.stat(ctx, key);
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        return inner.update(ctx, info, paths);
    }

    @Override
    public Usage usage(Context ctx, String key) {
        return inner.usage(ctx, key);
    }

    @Override
    public List<Mount> mounts(Context ctx, String key) {
        return inner.mounts(ctx, key);
    }

    @Override
    public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
        return inner.view(ctx, key, parent, labels);
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Map<String, String> labels) {
        inner.commit(ctx, name, key, parent, labels);
    }

    @Override
    public void remove(Context ctx, String key) {
        inner.remove(ctx, key);
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        inner.walk(ctx, filters, visitor);
    }

    @Override
    public void cleanup(Context ctx) {
        inner.cleanup(ctx);
    }
}
