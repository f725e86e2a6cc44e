package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows of one snapshotter in table {@code snapshots}. */
final class SnapshotRows {
    private static final String COLUMNS = "SELECT id, key, parent, kind, labels, created_at, updated_at, size, inodes"
            + " FROM snapshots WHERE snapshotter = ? AND ns = ?";

    private final String snapshotter;

    SnapshotRows(String snapshotter) {
        this.snapshotter = snapshotter;
    }

    /**
     * A row.
     *
     * @param id the number of the snapshot's directory
     * @param info what is known of it
     * @param usage what it took when it was committed
     */
    record Row(long id, SnapshotInfo info, Usage usage) {}

    Optional<Row> find(Session session, String ns, String key) throws SQLException {
        return session.first(COLUMNS + " AND key = ?", SnapshotRows::row, snapshotter, ns, key);
    }

    List<SnapshotInfo> all(Session session, String ns) throws SQLException {
        return session.list(COLUMNS + " ORDER BY key", row -> row(row).info(), snapshotter, ns);
    }

    List<Long> ids(Session session) throws SQLException {
        return session.list("SELECT id FROM snapshots WHERE snapshotter = ?", row -> row.getLong(1), snapshotter);
    }

    /** The ids of a snapshot and its ancestors, nearest first; none for an empty key. */
    List<Long> ancestors(Session session, String ns, String key) throws SQLException {
        if (key.isEmpty()) {
            return List.of();
        }
        return session.list(
                "WITH RECURSIVE chain(depth, id, parent) AS ("
                        + " SELECT 0, id, parent FROM snapshots WHERE snapshotter = ?1 AND ns = ?2 AND key = ?3"
                        + " UNION ALL SELECT c.depth + 1, s.id, s.parent FROM chain c JOIN snapshots s"
                        + " ON s.snapshotter = ?1 AND s.ns = ?2 AND s.key = c.parent)"
                        + " SELECT id FROM chain ORDER BY depth",
                row -> row.getLong(1),
                snapshotter,
                ns,
                key);
    }

    boolean hasChildren(Session session, String ns, String key) throws SQLException {
        return session.exists(
                "SELECT 1 FROM snapshots WHERE snapshotter = ? AND ns = ? AND parent = ?", snapshotter, ns, key);
    }

    void delete(Transaction tx, String ns, String key) throws SQLException {
        tx.session().update("DELETE FROM snapshots WHERE snapshotter = ? AND ns = ? AND key = ?", snapshotter, ns, key);
    }

    /** Adds a row or changes the one of that key, with its edges. */
    void write(Transaction tx, String ns, Row row) throws SQLException {
        SnapshotInfo info = row.info();
        tx.session()
                .update(
                        "INSERT INTO snapshots(snapshotter, ns, key, id, kind, parent, labels, size, inodes, used_at,"
                                + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (snapshotter, ns, key) DO UPDATE SET labels = excluded.labels,"
                                + " used_at = excluded.used_at, updated_at = excluded.updated_at",
                        snapshotter,
                        ns,
                        info.name(),
                        row.id(),
                        info.kind().text(),
                        info.parent().isEmpty() ? null : info.parent(),
                        JsonText.of(info.labels()),
                        row.usage().size(),
                        row.usage().inodes(),
                        GcLabels.usedAt(info.labels()),
                        Times.nanos(info.createdAt()),
                        Times.nanos(info.updatedAt()));
        Node node = Node.snapshot(snapshotter, info.name());
        Edge.replace(tx, ns, node, edges(node, info));
    }

    private List<Edge> edges(Node node, SnapshotInfo info) {
        List<Edge> edges = new ArrayList<>(GcLabels.roots(node, info.labels()));
        if (!info.parent().isEmpty()) {
            edges.add(Edge.part(node, Node.snapshot(snapshotter, info.parent()), "parent"));
        }
        edges.addAll(GcLabels.references(node, info.labels()));
        edges.addAll(GcLabels.backReferences(node, info.labels()));
        return edges;
    }

    private static Row row(ResultSet row) throws SQLException {
        String parent = row.getString(3);
        SnapshotInfo info = new SnapshotInfo(
                row.getString(2),
                parent == null ? "" : parent,
                Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                JsonText.strings(row.getString(5)),
                Times.instant(row.getLong(6)),
                Times.instant(row.getLong(7)));
        return new Row(row.getLong(1), info, new Usage(row.getLong(8), row.getLong(9)));
    }
}
