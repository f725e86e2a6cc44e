package dev.wharf.lib.ttrpc;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One frame as it came in.
 *
 * @param length bytes of the body as the header gave them, unsigned
 * @param streamId unsigned
 * @param payload the body, {@link Payload#held held} until whoever takes the frame lets go
 * @param refusal why the body was thrown away unread; null where it was not
 */
record InboundFrame(
        long length,
        int streamId,
        int type,
        int flags,
        Payload payload,
        @Nullable Status refusal) {}
