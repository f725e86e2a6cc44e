package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import java.sql.SQLException;
import java.util.Optional;

/** The lease a request runs under: what it makes is added to it, what it deletes is taken out. */
final class LeaseScope {
    private static final String LABELS = "SELECT labels FROM leases WHERE ns = ? AND id = ?";

    private LeaseScope() {}

    /** Whether the lease of that id is flat; empty when there is none. */
    static Optional<Boolean> isFlat(Session session, String ns, String lease) throws SQLException {
        return session.first(LABELS, row -> JsonText.strings(row.getString(1)).containsKey(GcLabels.FLAT), ns, lease);
    }

    /** Adds a node to the request's lease and answers whether it has one; {@code NOT_FOUND} when that is gone. */
    static boolean add(Transaction tx, Context ctx, Node node) throws SQLException {
        String lease = ctx.leaseId();
        if (lease == null) {
            return false;
        }
        boolean flat = isFlat(tx.session(), ctx.namespace(), lease)
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("lease does not exist"));
        hold(tx, ctx.namespace(), lease, node, flat);
        return true;
    }

    /** Takes a node out of the request's lease, if it is there. */
    static void remove(Transaction tx, Context ctx, Node node) throws SQLException {
        String lease = ctx.leaseId();
        if (lease != null) {
            release(tx, ctx.namespace(), lease, node);
        }
    }

    static void hold(Transaction tx, String ns, String lease, Node node, boolean flat) throws SQLException {
        Node holder = Node.lease(lease);
        Edge.leased(holder, node, flat).write(tx, ns, holder);
    }

    static void release(Transaction tx, String ns, String lease, Node node) throws SQLException {
        tx.session()
                .update(
                        "DELETE FROM edges WHERE ns = ? AND from_type = 'lease' AND from_key = ?"
                                + " AND to_type = ? AND to_key = ?",
                        ns,
                        lease,
                        node.type(),
                        node.key());
    }
}
