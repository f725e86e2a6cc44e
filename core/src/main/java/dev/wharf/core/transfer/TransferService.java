package dev.wharf.core.transfer;

import dev.wharf.core.context.Context;

/** Moves images. */
public interface TransferService {
    /**
     * Moves an image and answers when it is done; {@code NOT_IMPLEMENTED} for a pair of ends it does not handle. An
     * interrupt of the thread ends it with {@code CANCELLED}: what came so far can be resumed, and no image is stored.
     */
    void transfer(Context ctx, TransferEnd source, TransferEnd destination, Progress.Listener progress);
}
