package dev.wharf.services.testing;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Snapshots without anything on disk. */
public final class FakeSnapshotter implements Snapshotter {
    public static final Instant MADE = Instant.ofEpochSecond(42);

    public final Map<String, SnapshotInfo> kept = new ConcurrentSkipListMap<>();
    public final AtomicInteger cleanups = new AtomicInteger();
    public volatile List<String> lastPaths = List.of();

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        SnapshotInfo found = kept.get(key);
        if (found == null) {
            throw ErrorKind.NOT_FOUND.of("snapshot " + key);
        }
        return found;
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        SnapshotInfo old = stat(ctx, info.name());
        lastPaths = paths;
        return add(old.name(), old.parent(), old.kind(), info.labels());
    }

    private SnapshotInfo add(String name, String parent, Kind kind, Map<String, String> labels) {
        SnapshotInfo info = new SnapshotInfo(name, parent, kind, labels, MADE, MADE);
        kept.put(name, info);
        return info;
    }

    @Override
    public Usage usage(Context ctx, String key) {
        stat(ctx, key);
        return new Usage(4096, 3);
    }

    @Override
    public List<Mount> mounts(Context ctx, String key) {
        return List.of(new Mount("bind", "/snapshots/" + key, "/t", List.of("rbind", kindOption(stat(ctx, key)))));
    }

    private static String kindOption(SnapshotInfo info) {
        return info.kind() == Kind.VIEW ? "ro" : "rw";
    }

    @Override
    public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
        return make(ctx, key, parent, Kind.ACTIVE, labels);
    }

    @Override
    public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
        return make(ctx, key, parent, Kind.VIEW, labels);
    }

    private List<Mount> make(Context ctx, String key, String parent, Kind kind, Map<String, String> labels) {
        if (kept.containsKey(key)) {
            throw ErrorKind.ALREADY_EXISTS.of("snapshot " + key);
        }
        add(key, parent, kind, labels);
        return mounts(ctx, key);
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Map<String, String> labels) {
        SnapshotInfo active = stat(ctx, key);
        kept.remove(key);
        add(name, parent.isEmpty() ? active.parent() : parent, Kind.COMMITTED, labels);
    }

    @Override
    public void remove(Context ctx, String key) {
        stat(ctx, key);
        kept.remove(key);
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        Filter filter = Filter.parse(filters);
        kept.values().stream().filter(filter::matches).forEach(visitor);
    }

    @Override
    public void cleanup(Context ctx) {
        cleanups.incrementAndGet();
    }
}
