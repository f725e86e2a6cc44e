package dev.wharf.lib.ttrpc;

import io.grpc.Status;

/** The numbers of the ttRPC wire (PROTOCOL.md, "Message Frame", "Message Types") and the texts Go peers look for. */
final class Wire {
    /** Bytes before each body: length u32, stream id u32 (both big-endian), type u8, flags u8. */
    static final int HEADER_BYTES = 10;

    /** Largest body in bytes, either way. */
    static final int MAX_BODY_BYTES = 4 << 20;

    static final int TYPE_REQUEST = 1;
    static final int TYPE_RESPONSE = 2;
    static final int TYPE_DATA = 3;

    /** The sender sends nothing more on this stream. */
    static final int FLAG_REMOTE_CLOSED = 0x1;

    /** The sender of this request goes on sending data. */
    static final int FLAG_REMOTE_OPEN = 0x2;

    /** The body is no message: tells an empty message from none. */
    static final int FLAG_NO_DATA = 0x4;

    static final String CLOSED = "ttrpc: closed";
    static final String SERVER_CLOSED = "ttrpc: server closed";
    static final String STREAM_FULL = "ttrpc: stream buffer full";
    /** The answer where {@link FrameMemory} has no room for a request. */
    static final Status NO_ROOM = Status.RESOURCE_EXHAUSTED.withDescription(
            "ttrpc: too many request bytes in flight on all connections together, try again later");

    /** The answer where {@link FrameMemory} has no room for an answer. */
    static final Status NO_ROOM_FOR_ANSWER = Status.RESOURCE_EXHAUSTED.withDescription(
            "ttrpc: too many bytes of answers that are not read on all connections together, try again later");

    static final String DEADLINE = "context deadline exceeded";

    /** A data frame that holds no message. */
    static boolean noData(int flags) {
        return (flags & FLAG_NO_DATA) != 0;
    }

    /** A frame after which the sender is silent on its stream. */
    static boolean remoteClosed(int flags) {
        return (flags & FLAG_REMOTE_CLOSED) != 0;
    }

    /** The status of a message that is over {@link #MAX_BODY_BYTES}. */
    static Status oversized(long length) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "message length " + length + " exceed maximum message size of " + MAX_BODY_BYTES);
    }

    private Wire() {}
}
