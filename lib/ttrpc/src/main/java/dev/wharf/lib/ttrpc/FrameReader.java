package dev.wharf.lib.ttrpc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames. Holds one small buffer and the body it is reading, for which it takes room first; used
 * by one thread.
 */
final class FrameReader {
    private static final int BUFFER_BYTES = 8 << 10;

    /** The JDK copies heap buffers through a direct one as large as the read: pieces keep that one small. */
    private static final int PIECE_BYTES = 128 << 10;

    private final ReadableByteChannel channel;
    private final FrameMemory memory;
    private final long patienceNanos;
    private final BodyWatch watch;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

    /** Told of each body that has not come with its header, so that it can end a peer that does not go on. */
    interface BodyWatch {
        BodyWatch NONE = () -> () -> {};

        /** The body is read from here on; answers what to do once it is there. */
        Runnable begin();
    }

    FrameReader(ReadableByteChannel channel) {
        this(channel, FrameMemory.UNBOUNDED, 0, BodyWatch.NONE);
    }

    /**
     * A reader that takes the room for bodies from {@code memory}.
     *
     * @param patienceNanos how long it waits for that
     */
    FrameReader(ReadableByteChannel channel, FrameMemory memory, long patienceNanos, BodyWatch watch) {
        this.channel = channel;
        this.memory = memory;
        this.patienceNanos = patienceNanos;
        this.watch = watch;
    }

    /**
     * The next frame, or null where the peer closed between two frames. A body over the limit, or for which there is no
     * room, is read and dropped.
     */
    @Nullable
    InboundFrame next() throws IOException, InterruptedException {
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
            return new InboundFrame(length, streamId, type, flags, Payload.EMPTY, Wire.oversized(length));
        }
        Held held = memory.take((int) length, patienceNanos);
        if (held == null) {
            skip(length);
            return new InboundFrame(length, streamId, type, flags, Payload.EMPTY, Wire.NO_ROOM);
        }
        return new InboundFrame(length, streamId, type, flags, body((int) length, held), null);
    }

    private Payload body(int length, Held held) throws IOException {
        if (length == 0) {
            return Payload.EMPTY;
        }
        Runnable arrived = length > buffer.remaining() ? watch.begin() : () -> {};
        boolean whole = false;
        try {
            Payload body = new Payload(bytes(length), 0, length, held);
            whole = true;
            return body;
        } finally {
            arrived.run();
            if (!whole) {
                held.letGo();
            }
        }
    }

    private byte[] bytes(int length) throws IOException {
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
        return body;
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
