package dev.wharf.lib.ttrpc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Cuts a byte stream into frames. Holds one small buffer and the body it is reading; used by one thread. */
final class FrameReader {
    private static final int BUFFER_BYTES = 8 << 10;

    /** The JDK copies heap buffers through a direct one as large as the read: pieces keep that one small. */
    private static final int PIECE_BYTES = 128 << 10;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

    FrameReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** The next frame, or null where the peer closed between two frames. A body over the limit is read and dropped. */
    @Nullable
    InboundFrame next() throws IOException {
        if (!buffer.hasRemaining() && !fill()) {
            return null;
        }
        while (buffer.remaining() < Wire.HEADER_BYTES) {
            fillOrFail();
        }
        long length = Integer.toUnsignedLong(buffer.getInt());
        int streamId = buffer.getInt();
        int type = Byte.toUnsignedInt(buffer.get());
        int flags = Byte.toUnsignedInt(buffer.get());
        if (length > Wire.MAX_BODY_BYTES) {
            skip(length);
            return new InboundFrame(length, streamId, type, flags, null);
        }
        return new InboundFrame(length, streamId, type, flags, body((int) length));
    }

    private Payload body(int length) throws IOException {
        if (length == 0) {
            return Payload.EMPTY;
        }
        byte[] body = new byte[length];
        int buffered = Math.min(length, buffer.remaining());
        buffer.get(body, 0, buffered);
        ByteBuffer rest = ByteBuffer.wrap(body, buffered, length - buffered);
        while (rest.position() < length) {
            rest.limit(Math.min(length, rest.position() + PIECE_BYTES));
            if (channel.read(rest) < 0) {
                throw new EOFException("connection ended inside a message body");
            }
        }
        return new Payload(body, 0, length);
    }

    private void skip(long length) throws IOException {
        long left = length;
        while (true) {
            int step = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + step);
            left -= step;
            if (left == 0) {
                return;
            }
            fillOrFail();
        }
    }

    private void fillOrFail() throws IOException {
        if (!fill()) {
            throw new EOFException("connection ended inside a message");
        }
    }

    private boolean fill() throws IOException {
        buffer.compact();
        try {
            return channel.read(buffer) >= 0;
        } finally {
            buffer.flip();
        }
    }
}
