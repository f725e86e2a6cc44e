package dev.wharf.core.sandbox;

import dev.wharf.core.context.Context;
import java.util.List;

/** Keeps sandboxes of all namespaces; each call sees those of its context's namespace. */
public interface SandboxStore {
    /** The sandbox; {@code NOT_FOUND} when there is none of that id. */
    Sandbox get(Context ctx, String id);

    /** All sandboxes that match one of the filters (all, when there are none), sorted by id. */
    List<Sandbox> list(Context ctx, List<String> filters);

    /** Creates it; {@code ALREADY_EXISTS}, {@code INVALID_ARGUMENT}. */
    Sandbox create(Context ctx, Sandbox sandbox);

    /**
     * Changes the parts named by {@code paths} ({@code labels}, {@code labels.K}, {@code extensions},
     * {@code extensions.K}, {@code spec}, {@code runtime}; none: all); {@code NOT_FOUND}, {@code INVALID_ARGUMENT}.
     */
    Sandbox update(Context ctx, Sandbox sandbox, List<String> paths);

    /** Deletes it; {@code NOT_FOUND}. */
    void delete(Context ctx, String id);
}
