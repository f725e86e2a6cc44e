package dev.wharf.core.containers;

import dev.wharf.core.context.Context;
import java.util.List;
import java.util.Optional;

/** Keeps containers of all namespaces; each call sees those of its context's namespace. */
public interface ContainerStore {
    /** The container; {@code NOT_FOUND} when there is none of that id. */
    Container get(Context ctx, String id);

    /**
     * The container, if that can be told at once: never waits. Empty says nothing of whether it exists: ask
     * {@link #get} then.
     */
    default Optional<Container> peek(Context ctx, String id) {
        return Optional.empty();
    }

    /** All containers that match one of the filters (all, when there are none), sorted by id. */
    List<Container> list(Context ctx, List<String> filters);

    /** Creates it; {@code ALREADY_EXISTS}, {@code INVALID_ARGUMENT}. Publishes {@code /containers/create}. */
    Container create(Context ctx, Container container);

    /**
     * Changes the parts named by {@code paths} ({@code labels}, {@code labels.K}, {@code spec}, {@code extensions},
     * {@code extensions.K}, {@code image}, {@code snapshotkey}; none: all of these); {@code NOT_FOUND},
     * {@code INVALID_ARGUMENT}. Runtime and snapshotter cannot change. Publishes {@code /containers/update}.
     */
    Container update(Context ctx, Container container, List<String> paths);

    /** Deletes it; {@code NOT_FOUND}. Publishes {@code /containers/delete}. */
    void delete(Context ctx, String id);
}
