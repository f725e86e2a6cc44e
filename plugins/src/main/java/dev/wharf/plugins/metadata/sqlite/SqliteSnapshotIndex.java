package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Usage;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The index of one snapshotter in the metadata database. */
public final class SqliteSnapshotIndex implements SnapshotIndex {
    private static final String TARGET = "containerd.io/snapshot.ref";

    private final SqliteDatabase database;
    private final String snapshotter;
    private final EventBus events;
    private final InstantSource clock;
    private final SnapshotIds ids;
    private final SnapshotRows rows;

    /**
     * The index of a snapshotter that publishes to {@code events}; there must be one only for a name.
     *
     * @param snapshotter the snapshotter's id, e.g. {@code overlayfs}; no slash
     */
    public SqliteSnapshotIndex(SqliteDatabase database, String snapshotter, EventBus events, InstantSource clock) {
        this.database = database;
        this.snapshotter = snapshotter;
        this.events = events;
        this.clock = clock;
        this.ids = new SnapshotIds(database, snapshotter);
        this.rows = new SnapshotRows(snapshotter);
    }

    @Override
    public long reserveId() {
        return ids.next();
    }

    @Override
    public Snapshot create(Context ctx, long id, Kind kind, String key, String parent, Map<String, String> labels) {
        if (kind == Kind.COMMITTED) {
            throw ErrorKind.INVALID_ARGUMENT.of("a snapshot is made active or as a view, not committed");
        }
        checkKey(key);
        StoreRules.checkLabels("info.Labels", labels);
        return database.<Answer<Snapshot>>write(
                        ctx, Change.MUTATION, tx -> create(tx, ctx, id, kind, key, parent, labels))
                .get();
    }

    @Override
    public Snapshot get(Context ctx, String key) {
        return database.read(ctx, session -> {
            SnapshotRows.Row row = found(session, ctx, key);
            return snapshot(session, ctx.namespace(), row);
        });
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        return database.read(ctx, session -> found(session, ctx, key)).info();
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        checkKey(info.name());
        return database.write(ctx, Change.MUTATION, tx -> {
            SnapshotRows.Row row = found(tx.session(), ctx, info.name());
            SnapshotInfo current = row.info();
            Map<String, String> labels =
                    Masks.labels(current.labels(), info.labels(), paths, "snapshot \"" + info.name() + "\"");
            StoreRules.checkLabels("info.Labels", labels);
            SnapshotInfo updated = new SnapshotInfo(
                    current.name(), current.parent(), current.kind(), labels, current.createdAt(), clock.instant());
            rows.write(tx, ctx.namespace(), new SnapshotRows.Row(row.id(), updated, row.usage()));
            return updated;
        });
    }

    @Override
    public Usage usage(Context ctx, String key) {
        return database.read(ctx, session -> found(session, ctx, key)).usage();
    }

    @Override
    public void commit(Context ctx, String name, String key, String parent, Usage usage, Map<String, String> labels) {
        checkKey(name);
        StoreRules.checkLabels("info.Labels", labels);
        database.<Answer<Boolean>>write(ctx, Change.MUTATION, tx -> commit(tx, ctx, name, key, parent, usage, labels))
                .get();
    }

    @Override
    public Snapshot remove(Context ctx, String key) {
        return database.write(ctx, Change.DELETION, tx -> {
            SnapshotRows.Row row = found(tx.session(), ctx, key);
            if (rows.hasChildren(tx.session(), ctx.namespace(), key)) {
                throw ErrorKind.FAILED_PRECONDITION.of("cannot remove snapshot with child");
            }
            Snapshot removed = snapshot(tx.session(), ctx.namespace(), row);
            rows.delete(tx, ctx.namespace(), key);
            LeaseScope.remove(tx, ctx, Node.snapshot(snapshotter, key));
            tx.afterCommit(() -> database.leftovers().snapshotter(snapshotter));
            publish(tx, ctx, new Event.SnapshotRemoved(key, snapshotter));
            return removed;
        });
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        Filter filter = Filter.parse(filters);
        List<SnapshotInfo> all = database.read(ctx, session -> rows.all(session, ctx.namespace()));
        all.stream().filter(filter::matches).forEach(visitor);
    }

    @Override
    public Set<Long> ids() {
        return Set.copyOf(database.read(rows::ids));
    }

    /** An answer that is a failure although the transaction is to be committed: the lease was extended. */
    private record Answer<T>(Optional<T> value, Optional<WharfException> failure) {
        static <T> Answer<T> of(T value) {
            return new Answer<>(Optional.of(value), Optional.empty());
        }

        static <T> Answer<T> exists(String what) {
            return new Answer<>(Optional.empty(), Optional.of(ErrorKind.ALREADY_EXISTS.of(what)));
        }

        T get() {
            if (failure.isPresent()) {
                throw failure.get();
            }
            return value.orElseThrow();
        }
    }

    private Answer<Snapshot> create(
            Transaction tx, Context ctx, long id, Kind kind, String key, String parent, Map<String, String> labels)
            throws SQLException {
        Session session = tx.session();
        String target = labels.getOrDefault(TARGET, "");
        if (!target.isEmpty() && rows.find(session, ctx.namespace(), target).isPresent()) {
            LeaseScope.add(tx, ctx, Node.snapshot(snapshotter, target));
            return Answer.exists("target snapshot \"" + target + "\"");
        }
        if (rows.find(session, ctx.namespace(), key).isPresent()) {
            LeaseScope.add(tx, ctx, Node.snapshot(snapshotter, key));
            return Answer.exists("snapshot \"" + key + "\"");
        }
        if (!parent.isEmpty() && parent(session, ctx, parent).info().kind() != Kind.COMMITTED) {
            throw ErrorKind.INVALID_ARGUMENT.of("parent \"" + parent + "\" is not committed snapshot");
        }
        StoreRules.ensureNamespace(tx, ctx.namespace());
        var now = clock.instant();
        SnapshotInfo info = new SnapshotInfo(key, parent, kind, Masks.withoutEmpty(labels), now, now);
        SnapshotRows.Row row = new SnapshotRows.Row(id, info, Usage.NONE);
        rows.write(tx, ctx.namespace(), row);
        LeaseScope.add(tx, ctx, Node.snapshot(snapshotter, key));
        if (kind == Kind.ACTIVE) {
            publish(tx, ctx, new Event.SnapshotPrepared(key, parent, snapshotter));
        }
        return Answer.of(snapshot(session, ctx.namespace(), row));
    }

    private Answer<Boolean> commit(
            Transaction tx,
            Context ctx,
            String name,
            String key,
            String givenParent,
            Usage usage,
            Map<String, String> labels)
            throws SQLException {
        Session session = tx.session();
        LeaseScope.add(tx, ctx, Node.snapshot(snapshotter, name));
        if (rows.find(session, ctx.namespace(), name).isPresent()) {
            return Answer.exists("snapshot \"" + name + "\"");
        }
        SnapshotRows.Row active = found(session, ctx, key);
        if (active.info().kind() != Kind.ACTIVE) {
            throw ErrorKind.FAILED_PRECONDITION.of("snapshot \"" + key + "\" is not active");
        }
        String parent = parentAtCommit(session, ctx, active.info(), givenParent);
        var now = clock.instant();
        SnapshotInfo info = new SnapshotInfo(name, parent, Kind.COMMITTED, Masks.withoutEmpty(labels), now, now);
        rows.delete(tx, ctx.namespace(), key);
        rows.write(tx, ctx.namespace(), new SnapshotRows.Row(active.id(), info, usage));
        LeaseScope.remove(tx, ctx, Node.snapshot(snapshotter, key));
        publish(tx, ctx, new Event.SnapshotCommitted(key, name, snapshotter));
        return Answer.of(true);
    }

    private String parentAtCommit(Session session, Context ctx, SnapshotInfo active, String given) throws SQLException {
        if (given.isEmpty() || given.equals(active.parent())) {
            return active.parent();
        }
        if (!active.parent().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "cannot change parent of active snapshot \"" + active.name() + "\" on commit");
        }
        if (parent(session, ctx, given).info().kind() != Kind.COMMITTED) {
            throw ErrorKind.FAILED_PRECONDITION.of("parent \"" + given + "\" is not committed");
        }
        return given;
    }

    private SnapshotRows.Row found(Session session, Context ctx, String key) throws SQLException {
        return rows.find(session, ctx.namespace(), key)
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("snapshot " + key + " does not exist"));
    }

    private SnapshotRows.Row parent(Session session, Context ctx, String key) throws SQLException {
        return rows.find(session, ctx.namespace(), key)
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("parent snapshot " + key + " does not exist"));
    }

    private Snapshot snapshot(Session session, String ns, SnapshotRows.Row row) throws SQLException {
        SnapshotInfo info = row.info();
        return new Snapshot(
                row.id(), info.kind(), info.name(), rows.ancestors(session, ns, info.parent()), info.labels());
    }

    private void publish(Transaction tx, Context ctx, Event event) {
        tx.afterCommit(() -> events.publish(ctx.namespace(), event.topic(), event));
    }

    private static void checkKey(String key) {
        if (key.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("snapshot key must not be empty");
        }
    }
}
