package dev.wharf.core.snapshots;

import dev.wharf.core.context.Context;
import dev.wharf.core.mount.Mount;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes snapshots mountable; see the package for the life of a snapshot. */
public interface Snapshotter {
    /** What is known of a snapshot; {@code NOT_FOUND}. */
    SnapshotInfo stat(Context ctx, String key);

    /** Changes labels ({@code labels}, {@code labels.K}; none: all); {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths);

    /** What it takes on disk, measured for an active one; {@code NOT_FOUND}. */
    Usage usage(Context ctx, String key);

    /** The mounts of an active snapshot or a view; {@code NOT_FOUND}, {@code FAILED_PRECONDITION} if committed. */
    List<Mount> mounts(Context ctx, String key);

    /**
     * Makes an active snapshot; {@code ALREADY_EXISTS} for the key, {@code NOT_FOUND} for the parent,
     * {@code INVALID_ARGUMENT} for a parent that is not committed. Publishes {@code /snapshot/prepare}.
     *
     * @param parent the name of a committed snapshot, or empty
     */
    List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels);

    /** Makes a read-only view; errors as {@link #prepare}. */
    List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels);

    /**
     * Makes an active snapshot a committed one with this name; {@code NOT_FOUND}, {@code ALREADY_EXISTS} for the name,
     * {@code FAILED_PRECONDITION} if it is not active. Publishes {@code /snapshot/commit}.
     *
     * @param parent a parent to put it upon (only with the capability {@code rebase}, and only if it has none), or empty
     */
    void commit(Context ctx, String name, String key, String parent, Map<String, String> labels);

    /**
     * Removes it; {@code NOT_FOUND}, {@code FAILED_PRECONDITION} while it has children. Publishes
     * {@code /snapshot/remove}.
     */
    void remove(Context ctx, String key);

    /** Shows each snapshot that matches one of the filters (all, when there are none), in the order of names. */
    void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor);

    /** Removes what is left on disk of snapshots that are no longer known. */
    void cleanup(Context ctx);
}
