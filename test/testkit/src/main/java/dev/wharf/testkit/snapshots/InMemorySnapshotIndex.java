package dev.wharf.testkit.snapshots;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.names.Labels;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Usage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A snapshot index that is gone with the process; leases are not kept. */
public final class InMemorySnapshotIndex implements SnapshotIndex {
    private static final String TARGET = "containerd.io/snapshot.ref";

    private final String snapshotter;
    private final EventBus events;
    private final InstantSource clock;

    /** Guards {@link #namespaces} and {@link #lastId}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Map<String, Entry>> namespaces = new HashMap<>();
    private long lastId;

    private record Entry(long id, SnapshotInfo info, Usage usage) {}

    /**
     * An empty index.
     *
     * @param snapshotter the name that its events carry
     */
    public InMemorySnapshotIndex(String snapshotter, EventBus events, InstantSource clock) {
        this.snapshotter = snapshotter;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public long reserveId() {
        return locked(() -> ++lastId);
    }

    @Override
    public Snapshot create(Context ctx, long id, Kind kind, String key, String parent, Map<String, String> labels) {
        if (kind == Kind.COMMITTED) {
            throw ErrorKind.INVALID_ARGUMENT.of("snapshot " + key + " cannot be created committed");
        }
        Labels.check(labels);
        Snapshot made = locked(() -> insert(ctx, id, kind, key, parent, labels));
        if (kind == Kind.ACTIVE) {
            publish(ctx, new Event.SnapshotPrepared(key, parent, snapshotter));
        }
        return made;
    }

    private Snapshot insert(Context ctx, long id, Kind kind, String key, String parent, Map<String, String> labels) {
        if (find(ctx, key) != null) {
            throw ErrorKind.ALREADY_EXISTS.of("snapshot " + key);
        }
        String target = labels.getOrDefault(TARGET, "");
        if (!target.isEmpty() && find(ctx, target) != null) {
            throw ErrorKind.ALREADY_EXISTS.of("target snapshot " + target);
        }
        if (!parent.isEmpty() && require(ctx, parent).info.kind() != Kind.COMMITTED) {
            throw ErrorKind.INVALID_ARGUMENT.of("parent \"" + parent + "\" is not committed snapshot");
        }
        Instant now = clock.instant();
        SnapshotInfo info = new SnapshotInfo(key, parent, kind, present(labels), now, now);
        Entry entry = new Entry(id, info, Usage.NONE);
        in(ctx).put(key, entry);
        return snapshot(ctx, entry);
    }

    @Override
    public Snapshot get(Context ctx, String key) {
        return locked(() -> snapshot(ctx, require(ctx, key)));
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        return locked(() -> require(ctx, key).info);
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        return locked(() -> {
            Entry old = require(ctx, info.name());
            Map<String, String> labels = Labels.check(LabelPaths.apply(old.info.labels(), info.labels(), paths));
            SnapshotInfo changed = new SnapshotInfo(
                    info.name(),
                    old.info.parent(),
                    old.info.kind(),
                    present(labels),
                    old.info.createdAt(),
                    clock.instant());
            in(ctx).put(info.name(), new Entry(old.id, changed, old.usage));
            return changed;
        });
    }

    @Override
    public Usage usage(Context ctx, String key) {
        return locked(() -> require(ctx, key).usage);
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Usage usage, Map<String, String> labels) {
        Labels.check(labels);
        locked(() -> {
            Entry active = require(ctx, key);
            checkCommit(ctx, name, active, parent);
            Instant now = clock.instant();
            String newParent = parent.isEmpty() ? active.info.parent() : parent;
            SnapshotInfo info = new SnapshotInfo(name, newParent, Kind.COMMITTED, present(labels), now, now);
            in(ctx).remove(key);
            in(ctx).put(name, new Entry(active.id, info, usage));
            return info;
        });
        publish(ctx, new Event.SnapshotCommitted(key, name, snapshotter));
    }

    private void checkCommit(Context ctx, String name, Entry active, String parent) {
        String key = active.info.name();
        if (find(ctx, name) != null) {
            throw ErrorKind.ALREADY_EXISTS.of("committed snapshot " + name);
        }
        if (active.info.kind() != Kind.ACTIVE) {
            throw ErrorKind.FAILED_PRECONDITION.of("snapshot \"" + key + "\" is not active");
        }
        if (parent.isEmpty() || parent.equals(active.info.parent())) {
            return;
        }
        if (!active.info.parent().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("cannot change parent of active snapshot \"" + key + "\" on commit");
        }
        if (require(ctx, parent).info.kind() != Kind.COMMITTED) {
            throw ErrorKind.FAILED_PRECONDITION.of("parent \"" + parent + "\" is not committed");
        }
    }

    @Override
    public Snapshot remove(Context ctx, String key) {
        Snapshot removed = locked(() -> {
            Snapshot snapshot = snapshot(ctx, require(ctx, key));
            if (in(ctx).values().stream().anyMatch(entry -> entry.info.parent().equals(key))) {
                throw ErrorKind.FAILED_PRECONDITION.of("cannot remove snapshot with child");
            }
            in(ctx).remove(key);
            return snapshot;
        });
        publish(ctx, new Event.SnapshotRemoved(key, snapshotter));
        return removed;
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        Filter filter = Filter.parse(filters);
        List<SnapshotInfo> all =
                locked(() -> in(ctx).values().stream().map(Entry::info).toList());
        all.stream().filter(filter::matches).forEach(visitor);
    }

    @Override
    public Set<Long> ids() {
        return locked(() -> namespaces.values().stream()
                .flatMap(entries -> entries.values().stream())
                .map(Entry::id)
                .collect(Collectors.toUnmodifiableSet()));
    }

    private Snapshot snapshot(Context ctx, Entry entry) {
        List<Long> parents = new ArrayList<>();
        for (String at = entry.info.parent(); !at.isEmpty(); ) {
            Entry parent = require(ctx, at);
            parents.add(parent.id);
            at = parent.info.parent();
        }
        return new Snapshot(entry.id, entry.info.kind(), entry.info.name(), parents, entry.info.labels());
    }

    private Map<String, Entry> in(Context ctx) {
        return namespaces.computeIfAbsent(ctx.namespace(), namespace -> new TreeMap<>());
    }

    private @Nullable Entry find(Context ctx, String key) {
        return in(ctx).get(key);
    }

    private Entry require(Context ctx, String key) {
        Entry entry = find(ctx, key);
        if (entry == null) {
            throw ErrorKind.NOT_FOUND.of("snapshot " + key);
        }
        return entry;
    }

    /** Labels without those whose value is empty, which are never kept. */
    private static Map<String, String> present(Map<String, String> labels) {
        return labels.entrySet().stream()
                .filter(label -> !label.getValue().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void publish(Context ctx, Event event) {
        events.publish(ctx.namespace(), event.topic(), event);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
