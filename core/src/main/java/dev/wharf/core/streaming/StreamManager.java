package dev.wharf.core.streaming;

import dev.wharf.core.context.Context;

/** Knows the open streams of all namespaces; each call sees those of its context's namespace. */
public interface StreamManager {
    /**
     * Makes a stream known; {@code ALREADY_EXISTS} for its name, {@code INVALID_ARGUMENT} for an empty one,
     * {@code RESOURCE_EXHAUSTED} when there are too many. The registration is to be closed when the stream ends.
     */
    Registration register(Context ctx, String name, Stream stream);

    /** Claims the stream of that name; {@code NOT_FOUND}. */
    Stream get(Context ctx, String name);

    /** That a stream is known by its name. */
    interface Registration extends AutoCloseable {
        /** Forgets the stream. Does nothing the second time. */
        @Override
        void close();
    }
}
