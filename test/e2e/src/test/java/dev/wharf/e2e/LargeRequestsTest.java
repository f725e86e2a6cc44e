package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers on the ttRPC socket that together ask for more memory than the daemon has: it serves others all the same. */
final class LargeRequestsTest {
    private static final String SERVICE = "containerd.services.tasks.v1.Tasks";
    private static final int CONNECTIONS = 150;
    private static final int REQUEST_BYTES = 3 << 20;

    private final Queue<SocketChannel> peers = new ConcurrentLinkedQueue<>();
    private Daemon daemon;

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-large");
        daemon.ctr("images", "import", BusyboxImage.archive(daemon.directory()).toString())
                .ok();
        daemon.ctr("run", "-d", "--null-io", BusyboxImage.NAME, "sleeper", "sleep", "1000")
                .ok();
    }

    @AfterEach
    void stop() throws IOException {
        hangUp();
        daemon.close();
    }

    private void hangUp() throws IOException {
        for (SocketChannel peer : peers) {
            peer.close();
        }
    }

    /** A call that waits for the end of the container, with more in it than it needs. */
    private byte[] request() {
        byte[] wait = new ProtoWriter()
                .text(1, "sleeper")
                .bytes(100, new byte[REQUEST_BYTES])
                .toBytes();
        return RawTtrpc.request(1, SERVICE, "Wait", wait, daemon.namespace());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1})
    void othersAreServed(double part) throws Exception {
        byte[] whole = request();
        byte[] sent = Arrays.copyOf(whole, (int) (whole.length * part));
        CountDownLatch written = new CountDownLatch(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread.ofVirtual().start(() -> {
                send(sent);
                written.countDown();
            });
        }
        // Those that find no room are read after ten seconds, to be refused.
        assertThat(written.await(90, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.ctr("tasks", "ls").ok().out()).contains("sleeper", "RUNNING");
        assertThat(daemon.wharf("ps").ok().out()).contains("sleeper", "running");
        hangUp();
        try (RawTtrpc later = new RawTtrpc(daemon)) {
            byte[] get = new ProtoWriter()
                    .text(1, "sleeper")
                    .bytes(100, new byte[REQUEST_BYTES])
                    .toBytes();
            Programs.await(
                    "room for a large request",
                    () -> new String(later.call(SERVICE, "Get", get, daemon.namespace()), StandardCharsets.UTF_8)
                            .contains("sleeper"));
        }
        assertThat(daemon.logText()).doesNotContain("OutOfMemory").doesNotContain("request failed unexpectedly");
    }

    private void send(byte[] bytes) {
        try {
            SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX);
            peers.add(peer);
            peer.connect(UnixDomainSocketAddress.of(Path.of(daemon.address() + ".ttrpc")));
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                peer.write(left);
            }
        } catch (IOException hungUp) {
            assertThat(hungUp).isNotNull();
        }
    }
}
