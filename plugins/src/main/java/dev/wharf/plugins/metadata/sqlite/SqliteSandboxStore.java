package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.names.Identifiers;
import dev.wharf.core.sandbox.Sandbox;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.core.typeurl.TypedValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sandboxes in the metadata database. */
public final class SqliteSandboxStore implements SandboxStore {
    private static final String COLUMNS = "SELECT id, labels, runtime, options_type, options, spec_type, spec,"
            + " sandboxer, extensions, created_at, updated_at FROM sandboxes WHERE ns = ?";
    private static final String ONE = COLUMNS + " AND id = ?";
    private static final List<String> MUTABLE = List.of("labels", "extensions", "spec", "runtime");

    private final SqliteDatabase database;
    private final InstantSource clock;

    /** A store of sandboxes. */
    public SqliteSandboxStore(SqliteDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Sandbox get(Context ctx, String id) {
        return database.read(ctx, session -> session.first(ONE, SqliteSandboxStore::sandbox, ctx.namespace(), id))
                .orElseThrow(() -> notFound(id));
    }

    @Override
    public List<Sandbox> list(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<Sandbox> all = database.read(
                ctx, session -> session.list(COLUMNS + " ORDER BY id", SqliteSandboxStore::sandbox, ctx.namespace()));
        return all.stream().filter(filter::matches).toList();
    }

    @Override
    public Sandbox create(Context ctx, Sandbox sandbox) {
        check(sandbox);
        Instant now = clock.instant();
        Sandbox made = new Sandbox(
                sandbox.id(),
                Masks.withoutEmpty(sandbox.labels()),
                sandbox.runtime(),
                sandbox.spec(),
                sandbox.sandboxer(),
                sandbox.extensions(),
                now,
                now);
        return database.write(ctx, Change.MUTATION, tx -> {
            if (tx.session().exists(ONE, ctx.namespace(), made.id())) {
                throw ErrorKind.ALREADY_EXISTS.of("sandbox \"" + made.id() + "\"");
            }
            StoreRules.ensureNamespace(tx, ctx.namespace());
            write(tx, ctx.namespace(), made);
            return made;
        });
    }

    @Override
    public Sandbox update(Context ctx, Sandbox sandbox, List<String> paths) {
        return database.write(ctx, Change.MUTATION, tx -> {
            Sandbox current = tx.session()
                    .first(ONE, SqliteSandboxStore::sandbox, ctx.namespace(), sandbox.id())
                    .orElseThrow(() -> notFound(sandbox.id()));
            Sandbox updated = changed(current, sandbox, paths, clock.instant());
            check(updated);
            write(tx, ctx.namespace(), updated);
            return updated;
        });
    }

    @Override
    public void delete(Context ctx, String id) {
        database.write(ctx, Change.DELETION, tx -> {
            if (tx.session().update("DELETE FROM sandboxes WHERE ns = ? AND id = ?", ctx.namespace(), id) == 0) {
                throw notFound(id);
            }
            return true;
        });
    }

    private static Sandbox changed(Sandbox current, Sandbox given, List<String> paths, Instant now) {
        if (paths.isEmpty() && !current.runtime().name().equals(given.runtime().name())) {
            throw ErrorKind.INVALID_ARGUMENT.of("sandbox.Runtime.Name field is immutable");
        }
        Map<String, String> labels = current.labels();
        Map<String, TypedValue> extensions = current.extensions();
        TypedValue spec = current.spec();
        Container.Runtime runtime = current.runtime();
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
                    case "extensions" -> extensions = given.extensions();
                    case "spec" -> spec = given.spec();
                    case "runtime" -> runtime = given.runtime();
                    default -> throw Masks.unknown(path, "sandbox \"" + current.id() + "\"");
                }
            }
        }
        return new Sandbox(
                current.id(),
                Masks.withoutEmpty(labels),
                runtime,
                spec,
                current.sandboxer(),
                extensions,
                current.createdAt(),
                now);
    }

    private static void check(Sandbox sandbox) {
        try {
            Identifiers.check(sandbox.id());
        } catch (WharfException e) {
            throw e.during("failed to validate sandbox: invalid sandbox ID");
        }
        StoreRules.checkLabels("sandbox.Labels", sandbox.labels());
    }

    private static void write(Transaction tx, String ns, Sandbox sandbox) throws SQLException {
        TypedValue options = sandbox.runtime().options();
        TypedValue spec = sandbox.spec();
        tx.session()
                .update(
                        "INSERT OR REPLACE INTO sandboxes(ns, id, labels, runtime, options_type, options, spec_type,"
                                + " spec, sandboxer, extensions, created_at, updated_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        ns,
                        sandbox.id(),
                        JsonText.of(sandbox.labels()),
                        sandbox.runtime().name(),
                        options == null ? null : options.typeUrl(),
                        options == null ? null : options.value(),
                        spec == null ? null : spec.typeUrl(),
                        spec == null ? null : spec.value(),
                        sandbox.sandboxer(),
                        JsonText.ofValues(sandbox.extensions()),
                        Times.nanos(sandbox.createdAt()),
                        Times.nanos(sandbox.updatedAt()));
        Node node = Node.sandbox(sandbox.id());
        List<Edge> edges = new ArrayList<>();
        edges.add(Edge.root(node, "sandbox", null));
        edges.addAll(GcLabels.references(node, sandbox.labels()));
        Edge.replace(tx, ns, node, edges);
    }

    private static Sandbox sandbox(ResultSet row) throws SQLException {
        return new Sandbox(
                row.getString(1),
                JsonText.strings(row.getString(2)),
                new Container.Runtime(row.getString(3), SqliteContainerStore.typed(row, 4)),
                SqliteContainerStore.typed(row, 6),
                row.getString(8),
                JsonText.values(row.getString(9)),
                Times.instant(row.getLong(10)),
                Times.instant(row.getLong(11)));
    }

    private static WharfException notFound(String id) {
        return ErrorKind.NOT_FOUND.of("sandbox \"" + id + "\"");
    }
}
