package dev.wharf.plugins.metadata.sqlite;

import java.sql.SQLException;
import java.util.List;

/** The tables of the file, see the package for what they mean. */
final class Schema {
    static final int VERSION = 1;
    static final int APPLICATION_ID = 0x57485246;

    /** The nodes that can be reached from a root, where {@code %1$s} is the time now in nanoseconds. */
    private static final String REACHABLE = """
            WITH RECURSIVE reached(ns, type, key, flat) AS (
                SELECT name, 'root', '', 0 FROM namespaces
                UNION
                SELECT e.ns, e.to_type, e.to_key, r.flat | e.flat
                FROM reached r CROSS JOIN edges e ON e.ns = r.ns AND e.from_type = r.type AND e.from_key = r.key
                WHERE (r.flat = 0 OR e.structural = 1)
                    AND (e.until IS NULL OR e.until >= %1$s)
                    AND (e.used IS NULL OR EXISTS (
                        SELECT 1 FROM snapshots s
                        WHERE s.ns = e.ns
                            AND s.snapshotter = substr(e.to_key, 1, instr(e.to_key, '/') - 1)
                            AND s.key = substr(e.to_key, instr(e.to_key, '/') + 1)
                            AND CASE e.used
                                WHEN '<' THEN %1$s - s.used_at < e.used_within
                                ELSE %1$s - s.used_at > e.used_within END))
            )
            SELECT DISTINCT ns, type, key FROM reached WHERE type <> 'root'""";

    /** Selects (ns, type, key) of all nodes that are kept at the time given as parameter 1, in nanoseconds. */
    static final String LIVE = REACHABLE.formatted("?1");

    private static final String NS = "ns TEXT NOT NULL REFERENCES namespaces(name) ON DELETE CASCADE";
    private static final String LABELS = "labels TEXT NOT NULL CHECK (json_valid(labels))";
    private static final String TIMES = "created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE namespaces(name TEXT PRIMARY KEY NOT NULL, " + LABELS + ") STRICT",
            "CREATE TABLE images(" + NS + ", name TEXT NOT NULL, " + LABELS + ", media_type TEXT NOT NULL,"
                    + " digest TEXT NOT NULL, size INTEGER NOT NULL,"
                    + " annotations TEXT NOT NULL CHECK (json_valid(annotations)), " + TIMES
                    + ", PRIMARY KEY (ns, name)) STRICT",
            "CREATE TABLE containers(" + NS + ", id TEXT NOT NULL, " + LABELS + ", image TEXT NOT NULL,"
                    + " runtime TEXT NOT NULL, options_type TEXT, options BLOB, spec_type TEXT, spec BLOB,"
                    + " snapshotter TEXT NOT NULL, snapshot_key TEXT NOT NULL, sandbox TEXT NOT NULL,"
                    + " extensions TEXT NOT NULL CHECK (json_valid(extensions)), " + TIMES
                    + ", PRIMARY KEY (ns, id)) STRICT",
            "CREATE TABLE sandboxes(" + NS + ", id TEXT NOT NULL, " + LABELS + ", runtime TEXT NOT NULL,"
                    + " options_type TEXT, options BLOB, spec_type TEXT, spec BLOB, sandboxer TEXT NOT NULL,"
                    + " extensions TEXT NOT NULL CHECK (json_valid(extensions)), " + TIMES
                    + ", PRIMARY KEY (ns, id)) STRICT",
            "CREATE TABLE leases(" + NS + ", id TEXT NOT NULL, " + LABELS
                    + ", created_at INTEGER NOT NULL, PRIMARY KEY (ns, id)) STRICT",
            "CREATE TABLE content(" + NS + ", digest TEXT NOT NULL, size INTEGER NOT NULL, " + LABELS + ", " + TIMES
                    + ", PRIMARY KEY (ns, digest)) STRICT",
            "CREATE INDEX content_digest ON content(digest)",
            "CREATE TABLE ingests(seq INTEGER PRIMARY KEY AUTOINCREMENT, " + NS + ", ref TEXT NOT NULL,"
                    + " expected TEXT, expires_at INTEGER, UNIQUE (ns, ref)) STRICT",
            "CREATE TABLE snapshot_ids(snapshotter TEXT PRIMARY KEY NOT NULL, next INTEGER NOT NULL) STRICT",
            "CREATE TABLE snapshots(snapshotter TEXT NOT NULL, " + NS + ", key TEXT NOT NULL, id INTEGER NOT NULL,"
                    + " kind TEXT NOT NULL CHECK (kind IN ('view', 'active', 'committed')), parent TEXT, " + LABELS
                    + ", size INTEGER NOT NULL, inodes INTEGER NOT NULL, used_at INTEGER, " + TIMES
                    + ", PRIMARY KEY (snapshotter, ns, key), UNIQUE (snapshotter, id),"
                    + " FOREIGN KEY (snapshotter, ns, parent) REFERENCES snapshots(snapshotter, ns, key)) STRICT",
            "CREATE INDEX snapshots_parent ON snapshots(snapshotter, ns, parent)",
            "CREATE INDEX snapshots_ns ON snapshots(ns)",
            "CREATE TABLE edges(" + NS + ", from_type TEXT NOT NULL, from_key TEXT NOT NULL, to_type TEXT NOT NULL,"
                    + " to_key TEXT NOT NULL, reason TEXT NOT NULL, owner_type TEXT NOT NULL, owner_key TEXT NOT NULL,"
                    + " structural INTEGER NOT NULL, flat INTEGER NOT NULL, until INTEGER,"
                    + " used TEXT CHECK (used IN ('<', '>')), used_within INTEGER,"
                    + " PRIMARY KEY (ns, from_type, from_key, to_type, to_key, reason)) STRICT, WITHOUT ROWID",
            "CREATE INDEX edges_owner ON edges(ns, owner_type, owner_key)",
            "CREATE INDEX edges_to ON edges(ns, to_type, to_key)",
            edgesGo("images", "image", "OLD.name"),
            edgesGo("containers", "container", "OLD.id"),
            edgesGo("sandboxes", "sandbox", "OLD.id"),
            edgesGo("leases", "lease", "OLD.id"),
            edgesGo("content", "content", "OLD.digest"),
            edgesGo("ingests", "ingest", "OLD.ref"),
            edgesGo("snapshots", "snapshot", "OLD.snapshotter || '/' || OLD.key"),
            "CREATE VIEW live AS " + REACHABLE.formatted("CAST((julianday('now') - 2440587.5) * 86400e9 AS INTEGER)"));

    private Schema() {}

    /** Brings an empty file to the newest version, in one transaction. */
    static void create(Session session) throws SQLException {
        session.execute("BEGIN IMMEDIATE");
        for (String statement : TABLES) {
            session.execute(statement);
        }
        session.execute("PRAGMA application_id = " + APPLICATION_ID);
        session.execute("PRAGMA user_version = " + VERSION);
        session.execute("COMMIT");
    }

    private static String edgesGo(String table, String type, String key) {
        return "CREATE TRIGGER " + table + "_edges AFTER DELETE ON " + table
                + " BEGIN DELETE FROM edges WHERE ns = OLD.ns AND owner_type = '" + type + "' AND owner_key = " + key
                + "; END";
    }
}
