package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.namespaces.NamespaceStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Namespaces in the metadata database. */
public final class SqliteNamespaceStore implements NamespaceStore {
    private static final String ONE = "SELECT name, labels FROM namespaces WHERE name = ?";

    private final SqliteDatabase database;
    private final EventBus events;

    /** A store of namespaces that publishes to {@code events}. */
    public SqliteNamespaceStore(SqliteDatabase database, EventBus events) {
        this.database = database;
        this.events = events;
    }

    @Override
    public List<Namespace> list() {
        return database.read(session ->
                session.list("SELECT name, labels FROM namespaces ORDER BY name", SqliteNamespaceStore::namespace));
    }

    @Override
    public Namespace get(String name) {
        return database.read(session -> session.first(ONE, SqliteNamespaceStore::namespace, name))
                .orElseThrow(() -> notFound(name));
    }

    @Override
    public Map<String, String> labels(String name) {
        return database.read(session -> session.first(ONE, SqliteNamespaceStore::namespace, name))
                .map(Namespace::labels)
                .orElse(Map.of());
    }

    @Override
    public void create(Namespace namespace) {
        database.write(Change.MUTATION, tx -> {
            if (tx.session().exists(ONE, namespace.name())) {
                throw ErrorKind.ALREADY_EXISTS.of(quoted(namespace.name()));
            }
            tx.session()
                    .update(
                            "INSERT INTO namespaces(name, labels) VALUES (?, ?)",
                            namespace.name(),
                            JsonText.of(namespace.labels()));
            publish(tx, namespace.name(), new Event.NamespaceCreated(namespace.name(), namespace.labels()));
            return true;
        });
    }

    @Override
    public Namespace update(Namespace namespace, List<String> paths) {
        return database.write(Change.MUTATION, tx -> {
            Map<String, String> current = tx.session()
                    .first(ONE, SqliteNamespaceStore::namespace, namespace.name())
                    .map(Namespace::labels)
                    .orElse(Map.of());
            Namespace updated = new Namespace(
                    namespace.name(), Masks.labels(current, namespace.labels(), paths, quoted(namespace.name())));
            StoreRules.ensureNamespace(tx, updated.name());
            tx.session()
                    .update(
                            "UPDATE namespaces SET labels = ? WHERE name = ?",
                            JsonText.of(updated.labels()),
                            updated.name());
            publish(tx, updated.name(), new Event.NamespaceUpdated(updated.name(), namespace.labels()));
            return updated;
        });
    }

    @Override
    public void delete(String name) {
        database.write(Change.DELETION, tx -> {
            List<String> contents = contents(tx.session(), name);
            if (!contents.isEmpty()) {
                throw ErrorKind.FAILED_PRECONDITION.of(
                        quoted(name) + " must be empty, but it still has " + String.join(", ", contents));
            }
            if (tx.session().update("DELETE FROM namespaces WHERE name = ?", name) == 0) {
                throw notFound(name);
            }
            database.leftovers().content();
            publish(tx, name, new Event.NamespaceDeleted(name));
            return true;
        });
    }

    private static List<String> contents(Session session, String name) throws SQLException {
        List<String> contents = new ArrayList<>();
        for (String[] table :
                new String[][] {{"images", "images"}, {"content", "blobs"}, {"containers", "containers"}}) {
            if (session.exists("SELECT 1 FROM " + table[0] + " WHERE ns = ?", name)) {
                contents.add(table[1]);
            }
        }
        contents.addAll(session.list(
                "SELECT DISTINCT snapshotter FROM snapshots WHERE ns = ? ORDER BY snapshotter",
                row -> "snapshots on \"" + row.getString(1) + "\" snapshotter",
                name));
        return contents;
    }

    private void publish(Transaction tx, String name, Event event) {
        tx.afterCommit(() -> events.publish(name, event.topic(), event));
    }

    private static Namespace namespace(ResultSet row) throws SQLException {
        return new Namespace(row.getString(1), JsonText.strings(row.getString(2)));
    }

    private static String quoted(String name) {
        return "namespace \"" + name + "\"";
    }

    private static WharfException notFound(String name) {
        return ErrorKind.NOT_FOUND.of(quoted(name));
    }
}
