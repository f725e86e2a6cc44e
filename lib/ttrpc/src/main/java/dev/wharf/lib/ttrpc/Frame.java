package dev.wharf.lib.ttrpc;

import java.nio.ByteBuffer;

/** One frame to send, header and body in one array. The stream id may be set until it is queued. */
final class Frame {
    private static final int STREAM_ID_AT = 4;

    private final byte[] bytes;
    private Held held = Held.NONE;

    Frame(int streamId, int type, int flags, int bodyBytes) {
        bytes = new byte[Wire.HEADER_BYTES + bodyBytes];
        ByteBuffer.wrap(bytes)
                .putInt(bodyBytes)
                .putInt(streamId)
                .put((byte) type)
                .put((byte) flags);
    }

    void streamId(int id) {
        ByteBuffer.wrap(bytes).putInt(STREAM_ID_AT, id);
    }

    /** Header and body. */
    byte[] bytes() {
        return bytes;
    }

    /** Gives it what is let go once it was written or dropped. */
    void held(Held by) {
        held = by;
    }

    /** It was written or dropped. */
    void gone() {
        held.letGo();
    }

    int size() {
        return bytes.length;
    }
}
