package dev.wharf.core.snapshots;

import dev.wharf.core.context.Context;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The index of one snapshotter: which snapshots exist, in which chain. Every method is one transaction.
 *
 * <p>Ids are decimal numbers that are never used again; a snapshotter names its directories by them. A snapshotter
 * reserves an id, makes the directory durable, and then creates the entry; it removes the entry first and the directory
 * after. A directory without an entry is therefore always rubbish.
 *
 * <p>Events, leases and the rules for labels and parents are the index's work, so that all snapshotters agree.
 */
public interface SnapshotIndex {
    /** An id nobody had before. */
    long reserveId();

    /**
     * Adds an active snapshot or a view; {@code ALREADY_EXISTS} for the key (also when the label
     * {@code containerd.io/snapshot.ref} names a snapshot that exists), {@code NOT_FOUND} for the parent,
     * {@code INVALID_ARGUMENT} for a parent that is not committed. Added to the context's lease; publishes
     * {@code /snapshot/prepare} for an active one.
     */
    Snapshot create(Context ctx, long id, Kind kind, String key, String parent, Map<String, String> labels);

    /** The snapshot with the ids of its ancestors; {@code NOT_FOUND}. */
    Snapshot get(Context ctx, String key);

    /** What is known of a snapshot; {@code NOT_FOUND}. */
    SnapshotInfo stat(Context ctx, String key);

    /** Changes labels ({@code labels}, {@code labels.K}; none: all); {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths);

    /** The usage stored at commit; {@code NOT_FOUND}, {@link Usage#NONE} for what is not committed. */
    Usage usage(Context ctx, String key);

    /** Turns an active snapshot into a committed one; errors and event as {@link Snapshotter#commit}. */
    void commit(Context ctx, String name, String key, String parent, Usage usage, Map<String, String> labels);

    /** Removes the entry and answers what it was; errors and event as {@link Snapshotter#remove}. */
    Snapshot remove(Context ctx, String key);

    /** Shows each snapshot of the namespace that matches one of the filters, in the order of names. */
    void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor);

    /** The ids of all snapshots of all namespaces. */
    Set<Long> ids();

    /**
     * An entry of the index.
     *
     * @param id the number that names its directory
     * @param kind its kind
     * @param key its key, or name
     * @param parents the ids of its ancestors, nearest first
     * @param labels its labels
     */
    record Snapshot(long id, Kind kind, String key, List<Long> parents, Map<String, String> labels) {
        public Snapshot {
            parents = List.copyOf(parents);
            labels = Map.copyOf(labels);
        }
    }
}
