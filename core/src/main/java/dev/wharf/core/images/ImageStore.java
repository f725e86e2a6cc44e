package dev.wharf.core.images;

import dev.wharf.core.context.Context;
import dev.wharf.core.oci.Descriptor;
import java.util.List;
import java.util.Optional;

/** Keeps images of all namespaces; each call sees those of its context's namespace. */
public interface ImageStore {
    /** The image; {@code NOT_FOUND} when there is none of that name. */
    Image get(Context ctx, String name);

    /**
     * The image, if that can be told at once: never waits. Empty says nothing of whether it exists: ask {@link #get}
     * then.
     */
    default Optional<Image> peek(Context ctx, String name) {
        return Optional.empty();
    }

    /** All images that match one of the filters (all, when there are none), sorted by name. */
    List<Image> list(Context ctx, List<String> filters);

    /**
     * Creates it, with times of its own unless given ones are not the epoch; {@code ALREADY_EXISTS},
     * {@code INVALID_ARGUMENT}. Publishes {@code /images/create}.
     */
    Image create(Context ctx, Image image);

    /**
     * Changes the parts named by {@code paths} ({@code labels}, {@code labels.K}, {@code target}, {@code annotations},
     * {@code annotations.K}; none: all); {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. Publishes {@code /images/update}.
     */
    Image update(Context ctx, Image image, List<String> paths);

    /**
     * Deletes it, if {@code target} is empty or still its target; {@code NOT_FOUND} otherwise. Publishes
     * {@code /images/delete}.
     */
    void delete(Context ctx, String name, Optional<Descriptor> target);
}
