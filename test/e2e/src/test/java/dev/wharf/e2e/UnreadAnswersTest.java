package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that ask for long lists and read none of them, more than the daemon's heap would hold: it serves on, and refuses
 * further long answers until those have gone.
 */
final class UnreadAnswersTest {
    private static final String SERVICE = "containerd.services.images.v1.Images";
    private static final int IMAGES = 500;
    private static final int CONNECTIONS = 100;
    private static final int CALLS = 4;

    private final List<SocketChannel> deaf = new ArrayList<>();
    private Daemon daemon;

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-unread");
        try (RawTtrpc ttrpc = new RawTtrpc(daemon)) {
            for (int i = 0; i < IMAGES; i++) {
                ttrpc.call(
                        SERVICE,
                        "Create",
                        new ProtoWriter().message(1, image(i)).toBytes(),
                        daemon.namespace());
            }
        }
    }

    /** With labels of nearly 4 KiB, the most there may be. */
    private static ProtoWriter image(int number) {
        return new ProtoWriter()
                .text(1, "example.test/image" + number)
                .message(2, new ProtoWriter().text(1, "label").text(2, "x".repeat(4000)))
                .message(
                        3,
                        new ProtoWriter()
                                .text(1, "application/vnd.oci.image.manifest.v1+json")
                                .text(2, "sha256:" + "0".repeat(64))
                                .number(3, 100));
    }

    @AfterEach
    void stop() throws IOException {
        hangUp();
        daemon.close();
    }

    private void hangUp() throws IOException {
        for (SocketChannel channel : deaf) {
            channel.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDaemonOutlivesThoseWhoDoNotRead(boolean ttrpc) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            ask(ttrpc);
        }
        Programs.await("long lists to be refused", () -> !lists(ttrpc));
        assertThat(daemon.ctr("version").ok().out()).contains("Server");
        assertThat(daemon.wharf("version").ok().out()).contains("server");
        hangUp();
        Programs.await("long lists to be had again", () -> lists(ttrpc));
        assertThat(daemon.logText()).doesNotContain("OutOfMemory").doesNotContain("request failed unexpectedly");
    }

    private boolean lists(boolean ttrpc) {
        Programs.Result list = ttrpc ? daemon.wharf("images", "--quiet") : daemon.ctr("images", "ls", "-q");
        if (list.exit() == 0) {
            assertThat(list.lines()).hasSize(IMAGES);
            return true;
        }
        assertThat(list.err()).contains("not read").contains("try again later");
        return false;
    }

    private void ask(boolean ttrpc) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        deaf.add(channel);
        channel.connect(UnixDomainSocketAddress.of(Path.of(daemon.address() + (ttrpc ? ".ttrpc" : ""))));
        if (!ttrpc) {
            write(channel, Http2.preface());
        }
        for (int call = 0; call < CALLS; call++) {
            int stream = 2 * call + 1;
            write(
                    channel,
                    ttrpc
                            ? RawTtrpc.request(stream, SERVICE, "List", new byte[0], daemon.namespace())
                            : Http2.call(stream, "/" + SERVICE + "/List", new byte[0], daemon.namespace()));
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }
}
