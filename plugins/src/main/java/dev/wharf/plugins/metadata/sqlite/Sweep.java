package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.images.Image;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * The part of a collection that is one transaction: marks what can be reached from the roots and removes the rows of all
 * else, in the order leases, snapshots, ingests, content, images.
 */
final class Sweep {
    private static final String MARK =
            "INSERT INTO temp.marked(ns, type, key) SELECT ns, type, key FROM (" + Schema.LIVE + ")";

    private final EventBus events;
    private final Leftovers leftovers;
    private final TableMirror<Image> mirrored;

    Sweep(EventBus events, Leftovers leftovers, TableMirror<Image> mirrored) {
        this.events = events;
        this.leftovers = leftovers;
        this.mirrored = mirrored;
    }

    /** Removes what nothing keeps at {@code now} and answers how many objects that were. */
    int run(Transaction tx, Instant now) throws SQLException {
        mark(tx.session(), now);
        int leases = remove(tx, "leases", "lease", "id").size();
        int snapshots = snapshots(tx);
        int ingests = remove(tx, "ingests", "ingest", "ref").size();
        int blobs = remove(tx, "content", "content", "digest").size();
        if (ingests + blobs > 0) {
            tx.afterCommit(leftovers::content);
        }
        List<Removed> images = remove(tx, "images", "image", "name");
        images.forEach(image -> {
            mirrored.remove(tx, image.ns(), image.key());
            publish(tx, image.ns(), new Event.ImageDeleted(image.key()));
        });
        tx.session().update("DELETE FROM temp.marked");
        return leases + snapshots + ingests + blobs + images.size();
    }

    private record Removed(String ns, String key) {
        static Removed of(ResultSet row) throws SQLException {
            return new Removed(row.getString(1), row.getString(2));
        }
    }

    private static void mark(Session session, Instant now) throws SQLException {
        session.execute(
                "CREATE TEMP TABLE IF NOT EXISTS marked(ns TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,"
                        + " PRIMARY KEY (ns, type, key)) WITHOUT ROWID");
        session.update("DELETE FROM temp.marked");
        session.update(MARK, Times.nanos(now));
    }

    private static List<Removed> remove(Transaction tx, String table, String type, String key) throws SQLException {
        return tx.session()
                .list(
                        "DELETE FROM " + table + " WHERE NOT EXISTS (SELECT 1 FROM temp.marked m WHERE m.ns = " + table
                                + ".ns AND m.type = '" + type + "' AND m.key = " + table + "." + key + ")"
                                + " RETURNING ns, " + key,
                        Removed::of);
    }

    /** One statement for all, because a parent may go only together with its children. */
    private int snapshots(Transaction tx) throws SQLException {
        TreeSet<String> snapshotters = new TreeSet<>();
        List<Removed> removed = tx.session()
                .list(
                        "DELETE FROM snapshots WHERE NOT EXISTS (SELECT 1 FROM temp.marked m"
                                + " WHERE m.ns = snapshots.ns AND m.type = 'snapshot'"
                                + " AND m.key = snapshots.snapshotter || '/' || snapshots.key)"
                                + " RETURNING ns, snapshotter || '/' || key",
                        Removed::of);
        for (Removed snapshot : removed) {
            int slash = snapshot.key().indexOf('/');
            String snapshotter = snapshot.key().substring(0, slash);
            snapshotters.add(snapshotter);
            publish(tx, snapshot.ns(), new Event.SnapshotRemoved(snapshot.key().substring(slash + 1), snapshotter));
        }
        tx.afterCommit(() -> snapshotters.forEach(leftovers::snapshotter));
        return removed.size();
    }

    private void publish(Transaction tx, String ns, Event event) {
        tx.afterCommit(() -> events.publish(ns, event.topic(), event));
    }
}
