package dev.wharf.plugins.metadata.sqlite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One namespace in a {@link TableMirror}: being read (changes are noted), complete, or too large to be kept. Used with
 * the mirror's lock held.
 *
 * @param <R> a record
 */
final class NamespaceMirror<R> {
    /** What it takes beside its records, in bytes. */
    static final long OWN_BYTES = 512;

    private enum State {
        BEING_READ,
        COMPLETE,
        TOO_LARGE
    }

    private final TableMirror.Table<R> table;

    /** While it is being read, the last change of each key. */
    private final Map<String, Optional<R>> since = new LinkedHashMap<>();

    private final TreeMap<String, R> records = new TreeMap<>();
    private State state = State.BEING_READ;

    /** The records as a list, made when somebody asks; null after a change. */
    private @Nullable List<R> list;

    private boolean smaller;
    private long bytes = OWN_BYTES;

    NamespaceMirror(TableMirror.Table<R> table) {
        this.table = table;
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** Whether something was removed since it was too large. */
    boolean mayFitNow() {
        return state == State.TOO_LARGE && smaller;
    }

    long bytes() {
        return bytes;
    }

    /** All records, sorted by key, as they are now and stay in this list. */
    List<R> list() {
        List<R> known = list;
        if (known == null) {
            known = List.copyOf(records.values());
            list = known;
        }
        return known;
    }

    Optional<R> find(String key) {
        return Optional.ofNullable(records.get(key));
    }

    /** Takes over what was read; what was changed meanwhile is newer than that, or the same. */
    void complete(List<R> read) {
        state = State.COMPLETE;
        bytes = OWN_BYTES;
        read.forEach(record -> change(table.key().apply(record), record));
        since.forEach((key, record) -> change(key, record.orElse(null)));
        since.clear();
    }

    /** A record is now this, or gone when null. */
    void change(String key, @Nullable R record) {
        switch (state) {
            case BEING_READ -> note(key, record);
            case COMPLETE -> replace(key, record);
            case TOO_LARGE -> smaller |= record == null;
        }
    }

    private void note(String key, @Nullable R record) {
        Optional<R> before = since.put(key, Optional.ofNullable(record));
        bytes += size(record) - (before == null ? 0 : size(before.orElse(null)));
    }

    private void replace(String key, @Nullable R record) {
        R before = record == null ? records.remove(key) : records.put(key, record);
        bytes += size(record) - size(before);
        list = null;
    }

    private long size(@Nullable R record) {
        return record == null ? 0 : table.bytes().applyAsLong(record);
    }

    /** Forgets its records, for they are too large. */
    void outgrow() {
        state = State.TOO_LARGE;
        records.clear();
        since.clear();
        list = null;
        smaller = false;
        bytes = OWN_BYTES;
    }
}
