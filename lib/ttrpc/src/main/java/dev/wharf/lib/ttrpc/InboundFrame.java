package dev.wharf.lib.ttrpc;

import org.jspecify.annotations.Nullable;

/**
 * One frame as it came in.
 *
 * @param length bytes of the body as the header gave them, unsigned
 * @param streamId unsigned
 * @param payload the body; null where it was over the limit and has been thrown away
 */
record InboundFrame(
        long length,
        int streamId,
        int type,
        int flags,
        @Nullable Payload payload) {}
