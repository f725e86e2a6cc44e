package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.names.Identifiers;
import dev.wharf.core.typeurl.TypedValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Containers in the metadata database. */
public final class SqliteContainerStore implements ContainerStore {
    private static final String COLUMNS = "SELECT id, labels, image, runtime, options_type, options, spec_type, spec,"
            + " snapshotter, snapshot_key, sandbox, extensions, created_at, updated_at FROM containers WHERE ns = ?";
    private static final String ONE = COLUMNS + " AND id = ?";

    /** Containers as they are mirrored in memory. */
    static final TableMirror.Table<Container> TABLE = new TableMirror.Table<>(
            COLUMNS + " ORDER BY id", ONE, SqliteContainerStore::container, Container::id, RecordSizes::bytes);

    private static final List<String> MUTABLE = List.of("labels", "spec", "extensions", "image", "snapshotkey");

    private final SqliteDatabase database;
    private final EventBus events;
    private final InstantSource clock;

    /** A store of containers that publishes to {@code events}. */
    public SqliteContainerStore(SqliteDatabase database, EventBus events, InstantSource clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Container get(Context ctx, String id) {
        return database.containers()
                .find(ctx, id)
                .orElseThrow(() ->
                        ErrorKind.NOT_FOUND.of("container \"" + id + "\" in namespace \"" + ctx.namespace() + "\""));
    }

    @Override
    public Optional<Container> peek(Context ctx, String id) {
        return database.containers().peek(ctx, id);
    }

    @Override
    public List<Container> list(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<Container> all = database.containers().list(ctx);
        return filters.isEmpty() ? all : all.stream().filter(filter::matches).toList();
    }

    @Override
    public Container create(Context ctx, Container container) {
        Container made = with(container, clock.instant());
        check(made, "create container failed validation");
        return database.write(ctx, Change.MUTATION, tx -> {
            if (tx.session().exists(ONE, ctx.namespace(), made.id())) {
                throw ErrorKind.ALREADY_EXISTS.of("container \"" + made.id() + "\"");
            }
            StoreRules.ensureNamespace(tx, ctx.namespace());
            write(tx, ctx.namespace(), made);
            publish(tx, ctx, new Event.ContainerCreated(made.id(), made.image(), made.runtime()));
            return made;
        });
    }

    @Override
    public Container update(Context ctx, Container container, List<String> paths) {
        if (container.id().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("must specify a container id");
        }
        return database.write(ctx, Change.MUTATION, tx -> {
            Container current = tx.session()
                    .first(ONE, SqliteContainerStore::container, ctx.namespace(), container.id())
                    .orElseThrow(() -> notFound(container.id()));
            Container updated = changed(current, container, paths, clock.instant());
            check(updated, "update failed validation");
            write(tx, ctx.namespace(), updated);
            publish(
                    tx,
                    ctx,
                    new Event.ContainerUpdated(updated.id(), updated.image(), updated.labels(), updated.snapshotKey()));
            return updated;
        });
    }

    @Override
    public void delete(Context ctx, String id) {
        database.write(ctx, Change.DELETION, tx -> {
            if (tx.session().update("DELETE FROM containers WHERE ns = ? AND id = ?", ctx.namespace(), id) == 0) {
                throw notFound(id);
            }
            database.containers().remove(tx, ctx.namespace(), id);
            publish(tx, ctx, new Event.ContainerDeleted(id));
            return true;
        });
    }

    private static Container with(Container given, Instant now) {
        return new Container(
                given.id(),
                Masks.withoutEmpty(given.labels()),
                given.image(),
                given.runtime(),
                given.spec(),
                given.snapshotter(),
                given.snapshotKey(),
                given.sandbox(),
                given.extensions(),
                now,
                now);
    }

    private static Container changed(Container current, Container given, List<String> paths, Instant now) {
        if (paths.isEmpty()) {
            checkUnchanged("Snapshotter", current.snapshotter(), given.snapshotter());
            checkUnchanged(
                    "Runtime.Name", current.runtime().name(), given.runtime().name());
        }
        Map<String, String> labels = current.labels();
        Map<String, TypedValue> extensions = current.extensions();
        TypedValue spec = current.spec();
        String image = current.image();
        String snapshotKey = current.snapshotKey();
        for (String path : paths.isEmpty() ? MUTABLE : paths) {
            Optional<String> label = Masks.key("labels", path);
            Optional<String> extension = Masks.key("extensions", path);
            if (label.isPresent()) {
                labels = Masks.withKey(labels, given.labels(), label.get());
            } else if (extension.isPresent()) {
                extensions = Masks.withKey(extensions, given.extensions(), extension.get());
            } else {
                switch (path) {
                    case "labels" -> labels = given.labels();
                    case "spec" -> spec = given.spec();
                    case "extensions" -> extensions = given.extensions();
                    case "image" -> image = given.image();
                    case "snapshotkey" -> snapshotKey = given.snapshotKey();
                    default -> throw Masks.unknown(path, "\"" + current.id() + "\"");
                }
            }
        }
        return new Container(
                current.id(),
                Masks.withoutEmpty(labels),
                image,
                current.runtime(),
                spec,
                current.snapshotter(),
                snapshotKey,
                current.sandbox(),
                extensions,
                current.createdAt(),
                now);
    }

    private static void checkUnchanged(String field, String current, String given) {
        if (!current.equals(given)) {
            throw ErrorKind.INVALID_ARGUMENT.of("container." + field + " field is immutable");
        }
    }

    private static void check(Container container, String doing) {
        try {
            check(container);
        } catch (WharfException e) {
            throw e.during(doing);
        }
    }

    private static void check(Container container) {
        try {
            Identifiers.check(container.id());
        } catch (WharfException e) {
            throw e.during("container.ID");
        }
        if (container.extensions().containsKey("")) {
            throw ErrorKind.INVALID_ARGUMENT.of("container.Extension keys must not be zero-length");
        }
        StoreRules.checkLabels("containers.Labels", container.labels());
        if (container.runtime().name().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("container.Runtime.Name must be set");
        }
        if (container.spec() == null) {
            throw ErrorKind.INVALID_ARGUMENT.of("container.Spec must be set");
        }
        if (!container.snapshotKey().isEmpty() && container.snapshotter().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("container.Snapshotter must be set if container.SnapshotKey is set");
        }
    }

    private void write(Transaction tx, String ns, Container container) throws SQLException {
        TypedValue options = container.runtime().options();
        TypedValue spec = container.spec();
        tx.session()
                .update(
                        "INSERT OR REPLACE INTO containers(ns, id, labels, image, runtime, options_type, options,"
                                + " spec_type, spec, snapshotter, snapshot_key, sandbox, extensions, created_at,"
                                + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        ns,
                        container.id(),
                        JsonText.of(container.labels()),
                        container.image(),
                        container.runtime().name(),
                        options == null ? null : options.typeUrl(),
                        options == null ? null : options.value(),
                        spec == null ? null : spec.typeUrl(),
                        spec == null ? null : spec.value(),
                        container.snapshotter(),
                        container.snapshotKey(),
                        container.sandbox(),
                        JsonText.ofValues(container.extensions()),
                        Times.nanos(container.createdAt()),
                        Times.nanos(container.updatedAt()));
        Edge.replace(tx, ns, Node.container(container.id()), edges(container));
        database.containers().put(tx, ns, container);
    }

    private static List<Edge> edges(Container container) {
        Node node = Node.container(container.id());
        List<Edge> edges = new ArrayList<>();
        edges.add(Edge.root(node, "container", null));
        if (!container.snapshotter().isEmpty()) {
            edges.add(Edge.part(node, Node.snapshot(container.snapshotter(), container.snapshotKey()), "root"));
        }
        edges.addAll(GcLabels.references(node, container.labels()));
        edges.addAll(GcLabels.backReferences(node, container.labels()));
        return edges;
    }

    private static Container container(ResultSet row) throws SQLException {
        return new Container(
                row.getString(1),
                JsonText.strings(row.getString(2)),
                row.getString(3),
                new Container.Runtime(row.getString(4), typed(row, 5)),
                typed(row, 7),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                JsonText.values(row.getString(12)),
                Times.instant(row.getLong(13)),
                Times.instant(row.getLong(14)));
    }

    /** The value whose type is in the given column and whose bytes are in the next, or null. */
    static @Nullable TypedValue typed(ResultSet row, int column) throws SQLException {
        String type = row.getString(column);
        if (type == null) {
            return null;
        }
        byte[] value = row.getBytes(column + 1);
        return new TypedValue(type, value == null ? new byte[0] : value);
    }

    private void publish(Transaction tx, Context ctx, Event event) {
        tx.afterCommit(() -> events.publish(ctx.namespace(), event.topic(), event));
    }

    private static WharfException notFound(String id) {
        return ErrorKind.NOT_FOUND.of("container \"" + id + "\"");
    }
}
