package dev.wharf.lib.ttrpc;

import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A run of bytes inside a received frame: shared, not copied, and never written to. */
final class Payload {
    static final Payload EMPTY = new Payload(new byte[0], 0, 0, Held.NONE);

    /**
     * Up to here the marshaller is told the length and parses from one small array; above, it reads in pieces, which
     * saves a second array of the whole message.
     */
    private static final int KNOWN_LENGTH_BYTES = 16 << 10;

    private final byte[] buffer;
    private final int offset;
    private final int length;
    private final Held held;

    /** A run of bytes of a frame that is {@code held}. */
    Payload(byte[] buffer, int offset, int length, Held held) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.held = held;
    }

    /** What keeps the whole frame counted; this payload itself does not hold it. */
    Held held() {
        return held;
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    Payload slice(int from, int count) {
        return new Payload(buffer, offset + from, count, held);
    }

    InputStream stream() {
        return length <= KNOWN_LENGTH_BYTES
                ? new Sized(buffer, offset, length)
                : new ByteArrayInputStream(buffer, offset, length);
    }

    private static final class Sized extends ByteArrayInputStream implements KnownLength {
        Sized(byte[] buffer, int offset, int length) {
            super(buffer, offset, length);
        }
    }
}
