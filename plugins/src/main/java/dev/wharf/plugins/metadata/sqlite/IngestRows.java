package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code ingests}: which ingests a namespace has, and under which reference the blob store knows them. */
final class IngestRows {
    /** Most ingests a namespace has at once: far more than clients open, who each write a few blobs. */
    static final int MOST = 10_000;

    private static final String COLUMNS = "SELECT seq, ns, ref, expected FROM ingests";

    private IngestRows() {}

    /**
     * An ingest.
     *
     * @param backendRef its reference in the blob store, {@code namespace/number/ref}
     * @param ref its reference in its namespace
     * @param expected the blob it stands for without having bytes of its own, or null
     */
    record Row(String backendRef, String ref, @Nullable Digest expected) {}

    static Optional<Row> find(Session session, String ns, String ref) throws SQLException {
        return session.first(COLUMNS + " WHERE ns = ? AND ref = ?", IngestRows::row, ns, ref);
    }

    static List<Row> all(Session session, String ns) throws SQLException {
        return session.list(COLUMNS + " WHERE ns = ? ORDER BY ref", IngestRows::row, ns);
    }

    /** The backend references of all namespaces. */
    static List<String> backendRefs(Session session) throws SQLException {
        return session.list(COLUMNS, row -> row(row).backendRef());
    }

    /**
     * Adds an ingest, or makes the one of that reference stand for {@code expected} and live until {@code expiresAt};
     * nulls leave what was there. {@code RESOURCE_EXHAUSTED} where the namespace has too many.
     */
    static Row open(Transaction tx, String ns, String ref, @Nullable Digest expected, @Nullable Long expiresAt)
            throws SQLException {
        checkCount(tx.session(), ns, ref);
        tx.session()
                .update(
                        "INSERT INTO ingests(ns, ref, expected, expires_at) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (ns, ref) DO UPDATE SET"
                                + " expected = coalesce(excluded.expected, expected),"
                                + " expires_at = coalesce(excluded.expires_at, expires_at)",
                        ns,
                        ref,
                        expected == null ? null : expected.toString(),
                        expiresAt);
        Row row = find(tx.session(), ns, ref).orElseThrow();
        Node node = Node.ingest(ref);
        List<Edge> edges = new ArrayList<>();
        if (row.expected() != null) {
            edges.add(Edge.part(node, Node.content(row.expected()), "expected"));
        }
        tx.session()
                .first(
                        "SELECT expires_at FROM ingests WHERE ns = ? AND ref = ? AND expires_at IS NOT NULL",
                        found -> found.getLong(1),
                        ns,
                        ref)
                .ifPresent(until -> edges.add(Edge.root(node, "ingest", until)));
        Edge.replace(tx, ns, node, edges);
        return row;
    }

    private static void checkCount(Session session, String ns, String ref) throws SQLException {
        long count = session.first("SELECT count(*) FROM ingests WHERE ns = ?", row -> row.getLong(1), ns)
                .orElseThrow();
        if (count >= MOST && find(session, ns, ref).isEmpty()) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("open ingest " + ref + ": namespace " + ns + " has " + count
                    + " already; abort those nobody writes any more (ctr content active, ctr content abort)");
        }
    }

    /** Removes an ingest and answers whether there was one. */
    static boolean remove(Transaction tx, String ns, String ref) throws SQLException {
        return tx.session().update("DELETE FROM ingests WHERE ns = ? AND ref = ?", ns, ref) > 0;
    }

    private static Row row(ResultSet row) throws SQLException {
        String ref = row.getString(3);
        String expected = row.getString(4);
        String backendRef = row.getString(2) + "/" + row.getLong(1) + "/" + ref;
        return new Row(backendRef, ref, expected == null ? null : Digest.parse(expected));
    }
}
