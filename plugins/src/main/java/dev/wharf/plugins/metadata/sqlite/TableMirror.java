package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The records of a table in memory, so that showing them costs no query: whole namespaces, each read from the file when
 * it is first asked for and kept up to date by the writer.
 *
 * <p>What it shows is what is durable: a transaction tells it of its changes, which are made here after the commit, those
 * of one commit all at once, and before any of its callers and any subscriber of events hears of it. It holds no more
 * than a number of bytes: beyond that the namespaces longest unused are forgotten, and one that is too large alone is
 * read from the file each time. Safe for any number of threads.
 *
 * @param <R> a record
 */
final class TableMirror<R> {
    private final SqliteDatabase database;
    private final Table<R> table;
    private final long bound;

    /** The one lock over all mirrors of the database, see {@link SqliteDatabase#memory}. */
    private final ReentrantLock lock;

    /** By namespace, the longest unused first; guarded by lock. */
    private final Map<String, NamespaceMirror<R>> namespaces = new LinkedHashMap<>(16, 0.75f, true);

    /** Of all namespaces; guarded by lock. */
    private long bytes;

    /**
     * What is mirrored.
     *
     * @param all selects the rows of a namespace, by key; its parameter is the namespace
     * @param one selects a row; its parameters are namespace and key
     * @param reader of one row
     * @param key the record's key in its namespace
     * @param bytes what the record takes in memory, about
     */
    record Table<R>(
            String all, String one, Session.RowReader<R> reader, Function<R, String> key, ToLongFunction<R> bytes) {}

    /** A mirror, empty at first, that holds at most {@code bound} bytes. */
    TableMirror(SqliteDatabase database, Table<R> table, long bound) {
        this.database = database;
        this.table = table;
        this.bound = bound;
        this.lock = database.memory();
    }

    /** A mirror that holds at most an eighth of the memory that Java may use: 32 MiB as wharfd is delivered. */
    TableMirror(SqliteDatabase database, Table<R> table) {
        this(database, table, Runtime.getRuntime().maxMemory() / 8);
    }

    /** All records of a namespace, sorted by key. */
    List<R> list(Context ctx) {
        NamespaceMirror<R> begun;
        lock.lock();
        try {
            NamespaceMirror<R> known = namespaces.get(ctx.namespace());
            if (known != null && known.isComplete()) {
                return known.list();
            }
            begun = known == null || known.mayFitNow() ? begin(ctx.namespace()) : null;
        } finally {
            lock.unlock();
        }
        return begun == null ? readAll(ctx) : load(ctx, begun);
    }

    /** The record of that key. */
    Optional<R> find(Context ctx, String key) {
        NamespaceMirror<R> begun;
        lock.lock();
        try {
            NamespaceMirror<R> known = namespaces.get(ctx.namespace());
            if (known != null && known.isComplete()) {
                return known.find(key);
            }
            begun = known == null ? begin(ctx.namespace()) : null;
        } finally {
            lock.unlock();
        }
        return begun == null
                ? readOne(ctx, key)
                : load(ctx, begun).stream()
                        .filter(record -> table.key().apply(record).equals(key))
                        .findFirst();
    }

    /** The record, if it is in memory: no answer says nothing of whether it exists. Waits for nothing. */
    Optional<R> peek(Context ctx, String key) {
        lock.lock();
        try {
            NamespaceMirror<R> known = namespaces.get(ctx.namespace());
            return known != null && known.isComplete() ? known.find(key) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the transaction writes a record, which is as it will be read again. */
    void put(Transaction tx, String ns, R record) {
        tx.inMemory(() -> change(ns, table.key().apply(record), record));
    }

    /** Notes that the transaction removes a record. */
    void remove(Transaction tx, String ns, String key) {
        tx.inMemory(() -> change(ns, key, null));
    }

    private List<R> readAll(Context ctx) {
        return database.read(ctx, session -> session.list(table.all(), table.reader(), ctx.namespace()));
    }

    private Optional<R> readOne(Context ctx, String key) {
        return database.read(ctx, session -> session.first(table.one(), table.reader(), ctx.namespace(), key));
    }

    /** Changes are noted from here on. Called with the lock held. */
    private NamespaceMirror<R> begin(String ns) {
        drop(ns);
        NamespaceMirror<R> begun = new NamespaceMirror<>(table);
        namespaces.put(ns, begun);
        bytes += begun.bytes();
        return begun;
    }

    private List<R> load(Context ctx, NamespaceMirror<R> begun) {
        boolean read = false;
        try {
            List<R> records = readAll(ctx);
            complete(ctx.namespace(), begun, records);
            read = true;
            return records;
        } finally {
            if (!read) {
                abandon(ctx.namespace(), begun);
            }
        }
    }

    private void complete(String ns, NamespaceMirror<R> begun, List<R> records) {
        lock.lock();
        try {
            if (namespaces.get(ns) == begun) {
                bytes -= begun.bytes();
                begun.complete(records);
                bytes += begun.bytes();
                makeRoom(ns, begun);
            }
        } finally {
            lock.unlock();
        }
    }

    private void abandon(String ns, NamespaceMirror<R> begun) {
        lock.lock();
        try {
            if (namespaces.get(ns) == begun) {
                drop(ns);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void change(String ns, String key, @Nullable R record) {
        NamespaceMirror<R> known = namespaces.get(ns);
        if (known != null) {
            bytes -= known.bytes();
            known.change(key, record);
            bytes += known.bytes();
            makeRoom(ns, known);
        }
    }

    /** Forgets others first. Called with the lock held. */
    private void makeRoom(String ns, NamespaceMirror<R> grown) {
        if (bytes <= bound) {
            return;
        }
        for (String other : new ArrayList<>(namespaces.keySet())) {
            if (bytes > bound && !other.equals(ns)) {
                drop(other);
            }
        }
        if (bytes > bound) {
            bytes -= grown.bytes();
            grown.outgrow();
            bytes += grown.bytes();
        }
    }

    private void drop(String ns) {
        NamespaceMirror<R> dropped = namespaces.remove(ns);
        if (dropped != null) {
            bytes -= dropped.bytes();
        }
    }

    /** For tests: what it takes by its own account. */
    Map<String, Long> sizes() {
        lock.lock();
        try {
            Map<String, Long> sizes = new HashMap<>();
            namespaces.forEach((ns, mirror) -> sizes.put(ns, mirror.bytes()));
            return sizes;
        } finally {
            lock.unlock();
        }
    }
}
