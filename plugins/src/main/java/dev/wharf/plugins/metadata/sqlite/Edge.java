package dev.wharf.plugins.metadata.sqlite;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reference: while {@code from} is kept, so is {@code to}.
 *
 * @param from who refers; {@link Node#ROOT} for a root
 * @param to to what
 * @param reason the label it comes from, or a word for what is part of the object
 * @param structural whether it is followed from what a flat lease holds
 * @param flat whether only structural edges are followed from here on
 * @param until the moment after which it no longer counts, in nanoseconds, or null
 * @param used {@code <} or {@code >} when it counts by the age of the snapshot's last use only, or null
 * @param usedWithin the age {@code used} compares with, in nanoseconds, or null
 */
record Edge(
        Node from,
        Node to,
        String reason,
        boolean structural,
        boolean flat,
        @Nullable Long until,
        @Nullable String used,
        @Nullable Long usedWithin) {

    /** A reference that a label makes. */
    static Edge label(Node from, Node to, String label) {
        return new Edge(from, to, label, false, false, null, null, null);
    }

    /** A reference that is part of the object. */
    static Edge part(Node from, Node to, String word) {
        return new Edge(from, to, word, true, false, null, null, null);
    }

    /** A root, until a moment or (null) for good. */
    static Edge root(Node to, String reason, @Nullable Long until) {
        return new Edge(Node.ROOT, to, reason, false, false, until, null, null);
    }

    /** What a lease holds. */
    static Edge leased(Node lease, Node to, boolean flat) {
        return new Edge(lease, to, "lease", false, flat, null, null, null);
    }

    /** A reference that counts while a snapshot's last use is younger or older than an age. */
    static Edge used(Node from, Node snapshot, String label, String operator, long nanos) {
        return new Edge(from, snapshot, label, false, false, null, operator, nanos);
    }

    private static final String DELETE = "DELETE FROM edges WHERE ns = ? AND owner_type = ? AND owner_key = ?";
    private static final String INSERT =
            "INSERT OR REPLACE INTO edges(ns, from_type, from_key, to_type, to_key, reason,"
                    + " owner_type, owner_key, structural, flat, until, used, used_within)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** Makes {@code edges} the ones that {@code owner} wrote. */
    static void replace(Transaction tx, String ns, Node owner, List<Edge> edges) throws SQLException {
        drop(tx, ns, owner);
        for (Edge edge : edges) {
            edge.write(tx, ns, owner);
        }
    }

    /** Removes the edges that {@code owner} wrote. */
    static void drop(Transaction tx, String ns, Node owner) throws SQLException {
        tx.session().update(DELETE, ns, owner.type(), owner.key());
    }

    /** Adds this edge to the ones that {@code owner} wrote. */
    void write(Transaction tx, String ns, Node owner) throws SQLException {
        tx.session()
                .update(
                        INSERT,
                        ns,
                        from.type(),
                        from.key(),
                        to.type(),
                        to.key(),
                        reason,
                        owner.type(),
                        owner.key(),
                        structural ? 1 : 0,
                        flat ? 1 : 0,
                        until,
                        used,
                        usedWithin);
    }
}
