package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.oci.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Table {@code content}: which blobs a namespace has. */
final class ContentRows {
    private static final String COLUMNS =
            "SELECT digest, size, created_at, updated_at, labels FROM content WHERE ns = ?";
    private static final String SHAREABLE = "$.\"containerd.io/namespace.shareable\"";

    private ContentRows() {}

    static Optional<ContentInfo> find(Session session, String ns, Digest digest) throws SQLException {
        return session.first(COLUMNS + " AND digest = ?", ContentRows::info, ns, digest.toString());
    }

    static List<ContentInfo> all(Session session, String ns) throws SQLException {
        return session.list(COLUMNS + " ORDER BY digest", ContentRows::info, ns);
    }

    /** Whether a namespace that shares with all others has the blob. */
    static boolean isShareable(Session session, Digest digest) throws SQLException {
        return session.exists(
                "SELECT 1 FROM content c JOIN namespaces n ON n.name = c.ns"
                        + " WHERE c.digest = ? AND n.labels ->> ? = 'true'",
                digest.toString(),
                SHAREABLE);
    }

    /** Whether any namespace has the blob, or an ingest stands for it. */
    static boolean isReferenced(Session session, Digest digest) throws SQLException {
        return session.exists(
                "SELECT 1 FROM content WHERE digest = ?1 UNION ALL SELECT 1 FROM ingests WHERE expected = ?1",
                digest.toString());
    }

    /** The blobs for which {@link #isReferenced} holds. */
    static Set<Digest> referenced(Session session) throws SQLException {
        return new HashSet<>(session.list(
                "SELECT digest FROM content UNION SELECT expected FROM ingests WHERE expected IS NOT NULL",
                row -> Digest.parse(row.getString(1))));
    }

    /** Adds a blob or changes what is known of it, with its edges. */
    static void write(Transaction tx, String ns, ContentInfo info) throws SQLException {
        tx.session()
                .update(
                        "INSERT OR REPLACE INTO content(ns, digest, size, labels, created_at, updated_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?)",
                        ns,
                        info.digest().toString(),
                        info.size(),
                        JsonText.of(info.labels()),
                        Times.nanos(info.createdAt()),
                        Times.nanos(info.updatedAt()));
        Node node = Node.content(info.digest());
        List<Edge> edges = new ArrayList<>(GcLabels.roots(node, info.labels()));
        edges.addAll(GcLabels.references(node, info.labels()));
        edges.addAll(GcLabels.backReferences(node, info.labels()));
        edges.addAll(GcLabels.conditions(node, info.labels()));
        Edge.replace(tx, ns, node, edges);
    }

    /** Removes a blob and answers whether there was one. */
    static boolean remove(Transaction tx, String ns, Digest digest) throws SQLException {
        return tx.session().update("DELETE FROM content WHERE ns = ? AND digest = ?", ns, digest.toString()) > 0;
    }

    private static ContentInfo info(ResultSet row) throws SQLException {
        return new ContentInfo(
                Digest.parse(row.getString(1)),
                row.getLong(2),
                Times.instant(row.getLong(3)),
                Times.instant(row.getLong(4)),
                JsonText.strings(row.getString(5)));
    }
}
