package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A ttRPC connection on which frames are put by hand.
 *
 * <p>A frame is the length of its body (4 bytes), the stream (4), type (1) and flags (1), all big endian, then the body.
 */
final class RawTtrpc implements AutoCloseable {
    private static final int HEADER = 10;
    private static final byte REQUEST = 1;
    private static final byte RESPONSE = 2;

    private final SocketChannel channel;
    private int stream = -1;

    RawTtrpc(Daemon daemon) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(Path.of(daemon.address() + ".ttrpc")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as a frame. */
    static byte[] request(int stream, String service, String method, byte[] payload, String namespace) {
        byte[] body = new ProtoWriter()
                .text(1, service)
                .text(2, method)
                .bytes(3, payload)
                .message(
                        5,
                        new ProtoWriter().text(1, "containerd-namespace-ttrpc").text(2, namespace))
                .toBytes();
        return ByteBuffer.allocate(HEADER + body.length)
                .putInt(body.length)
                .putInt(stream)
                .put(REQUEST)
                .put((byte) 0)
                .put(body)
                .array();
    }

    /** Calls and answers the body of the response. */
    byte[] call(String service, String method, byte[] payload, String namespace) {
        stream += 2;
        try {
            write(request(stream, service, method, payload, namespace));
            ByteBuffer header = read(HEADER);
            byte[] body = read(header.getInt()).array();
            if (header.getInt() != stream || header.get() != RESPONSE) {
                throw new AssertionError("not a response to " + service + "/" + method);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    private ByteBuffer read(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("connection closed");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
