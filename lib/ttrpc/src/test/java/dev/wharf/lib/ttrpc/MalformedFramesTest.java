package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MalformedFramesTest {
    private static final byte[] NONE = new byte[0];
    private static final int CONNECTIONS = 60;
    private static final int FRAMES_EACH = 100;

    private EchoServer echo;

    @BeforeEach
    void listen() throws IOException {
        echo = new EchoServer(settings -> settings.patience(Duration.ofMillis(200)));
    }

    @AfterEach
    void close() throws IOException {
        echo.close();
    }

    private RawPeer peer() throws IOException {
        return new RawPeer(echo.connectRaw());
    }

    private static void assertStillServes(RawPeer peer, int streamId) throws IOException {
        peer.send(
                streamId,
                Wire.TYPE_REQUEST,
                0,
                RawPeer.request("Say", word("on").toByteArray()));
        assertThat(peer.status(streamId).getCode()).isZero();
    }

    private static void assertRefused(Status status, int code, String message) {
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(status.getMessage()).contains(message);
    }

    @Test
    void anOversizedRequestIsRefusedAndTheConnectionGoesOn() throws IOException {
        try (RawPeer peer = peer()) {
            int length = Wire.MAX_BODY_BYTES + 1;
            peer.send(length, 1, Wire.TYPE_REQUEST, 0, new byte[length]);
            assertRefused(
                    peer.status(1),
                    Code.RESOURCE_EXHAUSTED_VALUE,
                    "message length 4194305 exceed maximum message size of 4194304");
            assertStillServes(peer, 3);
        }
    }

    @Test
    void aRequestThatIsNoProtobufIsRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(1, Wire.TYPE_REQUEST, 0, new byte[] {0x0a, 0x7f, 1});
            assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "unmarshal request error");
            peer.send(3, Wire.TYPE_REQUEST, 0, new byte[] {0x0a, 1, (byte) 0xff});
            assertRefused(peer.status(3), Code.INVALID_ARGUMENT_VALUE, "unmarshal request error");
            assertStillServes(peer, 5);
        }
    }

    @Test
    void aMessageThatIsNoProtobufIsRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(1, Wire.TYPE_REQUEST, 0, RawPeer.request("Say", new byte[] {0x0a, 0x7f, 1}));
            assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "error unmarshalling payload");
            assertStillServes(peer, 3);
        }
    }

    @Test
    void evenAndReusedStreamIdsAreRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(2, Wire.TYPE_REQUEST, 0, NONE);
            assertRefused(peer.status(2), Code.INVALID_ARGUMENT_VALUE, "StreamID must be odd");
            peer.send(0, Wire.TYPE_DATA, 0, NONE);
            assertRefused(peer.status(0), Code.INVALID_ARGUMENT_VALUE, "StreamID must be odd");
            assertStillServes(peer, 7);
            peer.send(7, Wire.TYPE_REQUEST, 0, RawPeer.request("Say", NONE));
            assertRefused(peer.status(7), Code.INVALID_ARGUMENT_VALUE, "StreamID cannot be re-used and must increment");
            peer.send(5, Wire.TYPE_REQUEST, 0, RawPeer.request("Say", NONE));
            assertRefused(peer.status(5), Code.INVALID_ARGUMENT_VALUE, "must increment");
            assertStillServes(peer, 9);
        }
    }

    @Test
    void streamIdsAreUnsigned() throws IOException {
        try (RawPeer peer = peer()) {
            assertStillServes(peer, 0x7fff_ffff);
            assertStillServes(peer, 0x8000_0001);
            assertStillServes(peer, 0xffff_ffff);
        }
    }

    @Test
    void typesForNoServerAreRefused() throws IOException {
        try (RawPeer peer = peer()) {
            for (int type : new int[] {0, Wire.TYPE_RESPONSE, 4, 255}) {
                peer.send(1, type, 0, NONE);
                assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "message type " + type);
            }
            assertStillServes(peer, 3);
        }
    }

    @Test
    void dataForNoStreamIsRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(1, Wire.TYPE_DATA, 0, NONE);
            assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "StreamID is no longer active");
            assertStillServes(peer, 1);
        }
    }

    @Test
    void dataAfterTheEndOfAStreamIsRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(
                    1, Wire.TYPE_REQUEST, 0, RawPeer.request("Say", word("hold").toByteArray()));
            echo.service.waiting.acquireUninterruptibly();
            peer.send(1, Wire.TYPE_DATA, 0, word("more").toByteArray());
            assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "ttrpc: stream closed");
            assertStillServes(peer, 3);
        }
    }

    @Test
    void aClosingDataFrameWithDataIsRefused() throws IOException {
        try (RawPeer peer = peer()) {
            peer.send(1, Wire.TYPE_REQUEST, Wire.FLAG_REMOTE_OPEN, RawPeer.request("Join", NONE));
            peer.send(1, Wire.TYPE_DATA, Wire.FLAG_REMOTE_CLOSED, word("last").toByteArray());
            assertRefused(peer.status(1), Code.INVALID_ARGUMENT_VALUE, "data close message cannot include data");
            assertStillServes(peer, 3);
        }
    }

    @Test
    void aUnaryRequestIsServedWhateverItsFlags() throws IOException {
        try (RawPeer peer = peer()) {
            for (int flags = 0; flags < 256; flags++) {
                int id = 2 * flags + 1;
                peer.send(
                        id,
                        Wire.TYPE_REQUEST,
                        flags,
                        RawPeer.request("Say", word("x").toByteArray()));
                assertThat(peer.status(id).getCode()).isZero();
            }
        }
    }

    @Test
    void aTruncatedFrameEndsItsConnectionOnly() throws IOException {
        try (TtrpcChannel other = echo.connect()) {
            try (RawPeer peer = peer()) {
                peer.send(100, 1, Wire.TYPE_REQUEST, 0, new byte[50]);
                peer.socket().shutdownOutput();
                assertThat(peer.next()).isNull();
            }
            assertThat(blocking(other).say(word("on"))).isEqualTo(word("on"));
        }
    }

    /** Frames at random and sound frames with bits turned over: whatever they do, others are served. */
    @Test
    void randomAndMutatedFramesCostNobodyElseAnything() throws Exception {
        Random random = new Random(20260101);
        try (TtrpcChannel other = echo.connect()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (SocketChannel socket = echo.connectRaw()) {
                    Thread reader = Thread.ofVirtual().start(() -> readAll(socket));
                    sendGarbage(new RawPeer(socket), random);
                    socket.shutdownOutput();
                    reader.join();
                }
                assertThat(blocking(other).say(word("on"))).isEqualTo(word("on"));
            }
        }
    }

    private static void sendGarbage(RawPeer peer, Random random) {
        try {
            for (int i = 0; i < FRAMES_EACH; i++) {
                peer.write(random.nextBoolean() ? randomFrame(random, i) : mutatedFrame(random, i));
            }
        } catch (IOException closedByServer) {
            assertThat(closedByServer).isNotNull();
        }
    }

    private static byte[] randomFrame(Random random, int i) {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        return RawPeer.frame(body.length, random.nextInt(2 * i + 3), random.nextInt(5), random.nextInt(8), body);
    }

    private static byte[] mutatedFrame(Random random, int i) {
        String method = new String[] {"Say", "Repeat", "Join", "Talk"}[random.nextInt(4)];
        byte[] body = RawPeer.request(method, word("abc").toByteArray());
        byte[] frame = RawPeer.frame(body.length, 2 * i + 1, Wire.TYPE_REQUEST, random.nextInt(4), body);
        for (int turn = random.nextInt(4); turn > 0; turn--) {
            // The length stays, so that what follows is still read as frames.
            int at = 4 + random.nextInt(frame.length - 4);
            frame[at] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    private static void readAll(SocketChannel socket) {
        ByteBuffer sink = ByteBuffer.allocate(8192);
        try {
            while (socket.read(sink) >= 0) {
                sink.clear();
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
    }

    /** Bytes without any frame in them: the length itself is garbage. */
    @Test
    void randomBytesCostNobodyElseAnything() throws Exception {
        Random random = new Random(20260102);
        try (TtrpcChannel other = echo.connect()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                byte[] garbage = new byte[5000];
                random.nextBytes(garbage);
                try (SocketChannel socket = echo.connectRaw()) {
                    socket.write(ByteBuffer.wrap(garbage));
                }
                assertThat(blocking(other).say(word("on"))).isEqualTo(word("on"));
            }
        }
    }

    /** The same against the client: a call ends with an error or an answer, never hangs. */
    @Test
    void aServerThatAnswersGarbageOnlyFailsCalls() throws Exception {
        Random random = new Random(20260103);
        Path path = echo.directory.resolve("garbage.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            for (int i = 0; i < CONNECTIONS; i++) {
                try (TtrpcChannel channel = TtrpcChannel.connect(path, Duration.ofSeconds(5));
                        SocketChannel accepted = listener.accept()) {
                    accepted.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 16);
                    RawPeer peer = new RawPeer(accepted);
                    Thread server = Thread.ofVirtual().start(() -> answerGarbage(peer, random));
                    for (int call = 0; call < 20 && !channel.isClosed(); call++) {
                        assertEnds(channel);
                    }
                    accepted.shutdownInput();
                    server.join();
                }
            }
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private static void assertEnds(TtrpcChannel channel) {
        try {
            var _ = blocking(channel).withDeadlineAfter(Duration.ofSeconds(10)).say(word("x"));
        } catch (StatusRuntimeException expected) {
            assertThat(expected.getStatus().getCode()).isNotEqualTo(io.grpc.Status.Code.DEADLINE_EXCEEDED);
        }
    }

    private static void answerGarbage(RawPeer peer, Random random) {
        try {
            for (InboundFrame request = peer.next(); request != null; request = peer.next()) {
                byte[] body = new byte[random.nextInt(40)];
                random.nextBytes(body);
                peer.send(random.nextInt(50), random.nextInt(4), random.nextInt(8), body);
                peer.send(request.streamId(), 1 + random.nextInt(3), random.nextInt(8), body);
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
    }
}
