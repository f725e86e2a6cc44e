package dev.wharf.lib.ttrpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.rpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes frames byte by byte and reads what comes back. */
record RawPeer(SocketChannel socket, FrameReader frames) implements AutoCloseable {
    RawPeer(SocketChannel socket) {
        this(socket, new FrameReader(socket));
    }

    void send(int streamId, int type, int flags, byte[] body) throws IOException {
        send(body.length, streamId, type, flags, body);
    }

    void send(int length, int streamId, int type, int flags, byte[] body) throws IOException {
        write(frame(length, streamId, type, flags, body));
    }

    static byte[] frame(int length, int streamId, int type, int flags, byte[] body) {
        return ByteBuffer.allocate(Wire.HEADER_BYTES + body.length)
                .putInt(length)
                .putInt(streamId)
                .put((byte) type)
                .put((byte) flags)
                .put(body)
                .array();
    }

    void write(byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
            socket.write(all);
        }
    }

    /** A request body made without the code under test. */
    static byte[] request(String method, byte[] message) {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeString(1, "wharf.ttrpc.test.Echo");
            out.writeString(2, method);
            out.writeBytes(3, ByteString.copyFrom(message));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The next frame; null where the connection has ended. */
    @Nullable
    InboundFrame next() throws IOException {
        try {
            return frames.next();
        } catch (InterruptedException e) {
            throw new AssertionError("waited for room without a bound", e);
        }
    }

    /** The next frame, which must be the response to a stream; its status. */
    Status status(int streamId) throws IOException {
        InboundFrame frame = Objects.requireNonNull(next(), "connection ended");
        if (frame.type() != Wire.TYPE_RESPONSE || frame.streamId() != streamId) {
            throw new AssertionError("not a response to stream " + streamId + ": " + frame);
        }
        Status status = ResponseMessage.parse(frame.payload()).status();
        return status == null ? Status.getDefaultInstance() : status;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
