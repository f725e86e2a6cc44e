package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random and mutated bytes on both sockets: the daemon serves on, and keeps no memory, thread or descriptor for them. */
final class FuzzSocketsTest {
    private static final int MESSAGES = Settings.count("messages", 3000);
    private static final int MOST_ON_A_CONNECTION = 40;

    /**
     * What the second half of the messages may add to what is alive on the heap: caches fill, and what a message asked
     * for and was given stays, such as a lease. Less than twenty bytes a message where there are 100,000 of them.
     */
    private static final int MOST_GROWTH_KIBIBYTES = 1024;

    private static final String CONNECTION_STATE = "io.grpc.netty.NettyServerHandler";

    private static final int MOST_CONNECTION_STATE = 2048;

    /** What it may add to memory: code that is compiled, and a heap that finds its size. */
    private static final int MOST_GROWTH_MEBIBYTES = 40;

    /** Three times the longest the daemon itself waits before it gives a connection or a call up. */
    private static final Duration MOST_SILENCE = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 100_000;

    private final Random random = new Random(Settings.seed());
    private Daemon daemon;

    /** What one kind of peer sends. */
    private interface Peer {
        /** What it starts a connection with. */
        byte[] greeting();

        /** The next message, well formed or not; {@code number} counts those of the connection. */
        byte[] message(int number);
    }

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-fuzz");
        daemon.ctr("images", "import", BusyboxImage.archive(daemon.directory()).toString())
                .ok();
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void ttrpcSocketServesOn() {
        servesOn(Path.of(daemon.address() + ".ttrpc"), new TtrpcPeer());
    }

    @Test
    void grpcSocketServesOn() {
        servesOn(Path.of(daemon.address()), new GrpcPeer());
    }

    private void servesOn(Path socket, Peer peer) {
        send(socket, peer, MESSAGES / 2);
        Footprint half = settled();
        LiveHeap halfHeap = liveHeap();
        send(socket, peer, MESSAGES - MESSAGES / 2);
        Footprint whole = settled();
        String both = "after half: " + half + ", at the end: " + whole;
        LiveHeap wholeHeap = liveHeap();
        System.out.println(socket.getFileName() + " " + MESSAGES + " messages, " + both + ", live heap "
                + halfHeap.kibibytes() + " and " + wholeHeap.kibibytes() + " KiB");
        assertThat(wholeHeap.kibibytes())
                .as("live heap in KiB; what grew: %s", wholeHeap.growthSince(halfHeap))
                .isLessThan(halfHeap.kibibytes() + MOST_GROWTH_KIBIBYTES);
        assertThat(whole.rssMebibytes()).as(both).isLessThan(half.rssMebibytes() + MOST_GROWTH_MEBIBYTES);
        Programs.await("threads and descriptors to go: " + both, () -> {
            Footprint last = Footprint.of(daemon.pid());
            return last.threads() <= half.threads() + 12 && last.descriptors() <= half.descriptors() + 4;
        });
        assertThat(daemon.logText()).doesNotContain("OutOfMemory").doesNotContain("request failed unexpectedly");
    }

    /** The live heap once gRPC, which keeps a connection that broke for ten seconds, has forgotten all of those. */
    private LiveHeap liveHeap() {
        AtomicReference<@Nullable LiveHeap> heap = new AtomicReference<>();
        Programs.await("gRPC to forget connections", () -> {
            LiveHeap now = LiveHeap.of(daemon.pid());
            heap.set(now);
            return now.bytes().getOrDefault(CONNECTION_STATE, 0L) <= MOST_CONNECTION_STATE;
        });
        return Objects.requireNonNull(heap.get());
    }

    /** The footprint once clients were served in the ordinary way. */
    private Footprint settled() {
        daemon.ctr("version").ok();
        assertThat(daemon.ctr("run", "--rm", BusyboxImage.NAME, "sound", "echo", "served")
                        .ok()
                        .out())
                .isEqualTo("served\n");
        assertThat(daemon.wharf("version").ok().out()).contains("wharf");
        return Footprint.of(daemon.pid());
    }

    private void send(Path socket, Peer peer, int messages) {
        int left = messages;
        while (left > 0) {
            int count = Math.min(left, random.nextInt(1, MOST_ON_A_CONNECTION + 1));
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                converse(channel, peer, count);
            } catch (IOException hungUp) {
                // That is an answer to garbage; the messages count as sent.
            }
            left -= count;
        }
    }

    private void converse(SocketChannel channel, Peer peer, int count) throws IOException {
        channel.configureBlocking(false);
        ByteBuffer answers = ByteBuffer.allocate(1 << 16);
        write(channel, peer.greeting(), answers);
        for (int i = 0; i < count; i++) {
            write(channel, peer.message(i), answers);
        }
        if (random.nextInt(4) == 0) {
            channel.shutdownOutput();
        }
        drain(channel, answers);
    }

    /** Writes, and reads answers meanwhile, so that the other side never waits for room. */
    private static void write(SocketChannel channel, byte[] bytes, ByteBuffer answers) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        long moved = System.nanoTime();
        while (left.hasRemaining()) {
            if (channel.write(left) > 0) {
                moved = System.nanoTime();
            } else {
                assertThat(System.nanoTime() - moved)
                        .as("nanoseconds in which the daemon took not one byte")
                        .isLessThan(MOST_SILENCE.toNanos());
                LockSupport.parkNanos(LOOK_NANOS);
            }
            drain(channel, answers);
        }
    }

    private static void drain(SocketChannel channel, ByteBuffer answers) throws IOException {
        int read;
        do {
            answers.clear();
            read = channel.read(answers);
        } while (read > 0);
        if (read < 0) {
            throw new IOException("the daemon hung up");
        }
    }

    /** Methods that take any message; none of them ends a process it does not know. */
    private static final List<String> METHODS = List.of(
            "containers.v1.Containers/Get",
            "containers.v1.Containers/List",
            "containers.v1.Containers/ListStream",
            "containers.v1.Containers/Create",
            "containers.v1.Containers/Update",
            "containers.v1.Containers/Delete",
            "content.v1.Content/Info",
            "content.v1.Content/List",
            "content.v1.Content/Read",
            "content.v1.Content/Status",
            "content.v1.Content/Write",
            "content.v1.Content/Abort",
            "content.v1.Content/ListStatuses",
            "diff.v1.Diff/Apply",
            "diff.v1.Diff/Diff",
            "events.v1.Events/Publish",
            "events.v1.Events/Forward",
            "events.v1.Events/Subscribe",
            "images.v1.Images/Get",
            "images.v1.Images/List",
            "images.v1.Images/Create",
            "introspection.v1.Introspection/Plugins",
            "introspection.v1.Introspection/Server",
            "leases.v1.Leases/Create",
            "leases.v1.Leases/List",
            "leases.v1.Leases/AddResource",
            "namespaces.v1.Namespaces/Get",
            "namespaces.v1.Namespaces/List",
            "namespaces.v1.Namespaces/Update",
            "sandbox.v1.Store/Get",
            "sandbox.v1.Store/List",
            "snapshots.v1.Snapshots/Prepare",
            "snapshots.v1.Snapshots/Stat",
            "snapshots.v1.Snapshots/List",
            "snapshots.v1.Snapshots/Mounts",
            "snapshots.v1.Snapshots/Commit",
            "streaming.v1.Streaming/Stream",
            "tasks.v1.Tasks/Create",
            "tasks.v1.Tasks/Get",
            "tasks.v1.Tasks/List",
            "tasks.v1.Tasks/Wait",
            "tasks.v1.Tasks/Exec",
            "tasks.v1.Tasks/Metrics",
            "transfer.v1.Transfer/Transfer",
            "version.v1.Version/Version");

    private String method() {
        return "containerd.services." + METHODS.get(random.nextInt(METHODS.size()));
    }

    /** A message of known field numbers with any content. */
    private byte[] payload() {
        ProtoWriter message = new ProtoWriter();
        for (int field = random.nextInt(5); field > 0; field--) {
            int number = random.nextInt(1, 9);
            switch (random.nextInt(4)) {
                case 0 -> message.number(number, random.nextLong());
                case 1 -> message.text(number, word());
                case 2 ->
                    message.message(number, new ProtoWriter().text(1, word()).text(2, word()));
                default -> message.bytes(number, noise(random.nextInt(50)));
            }
        }
        byte[] bytes = message.toBytes();
        return random.nextInt(3) == 0 ? mutated(bytes) : bytes;
    }

    private String word() {
        return List.of(
                        "a",
                        "",
                        "../x",
                        "sha256:" + "0".repeat(64),
                        "overlayfs",
                        "labels.\"a\"==b",
                        "x".repeat(2000),
                        "/t/u")
                .get(random.nextInt(8));
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same with some bytes changed, taken out or put in. */
    private byte[] mutated(byte[] bytes) {
        List<Byte> mutated = new ArrayList<>();
        for (byte b : bytes) {
            mutated.add(b);
        }
        for (int change = random.nextInt(1, 4); change > 0 && !mutated.isEmpty(); change--) {
            int at = random.nextInt(mutated.size());
            switch (random.nextInt(3)) {
                case 0 -> mutated.set(at, (byte) (mutated.get(at) ^ (1 << random.nextInt(8))));
                case 1 -> mutated.remove(at);
                default -> mutated.add(at, (byte) random.nextInt());
            }
        }
        byte[] result = new byte[mutated.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = mutated.get(i);
        }
        return result;
    }

    /** Frames of ttRPC. */
    private final class TtrpcPeer implements Peer {
        @Override
        public byte[] greeting() {
            return new byte[0];
        }

        @Override
        public byte[] message(int number) {
            String method = method();
            int slash = method.indexOf('/');
            byte[] frame = RawTtrpc.request(
                    2 * number + 1,
                    method.substring(0, slash),
                    method.substring(slash + 1),
                    payload(),
                    "wharf-fuzz-names");
            return switch (random.nextInt(5)) {
                case 0 -> mutated(frame);
                case 1 -> noise(random.nextInt(1, 200));
                case 2 -> frame(random.nextInt(), noise(random.nextInt(100)));
                default -> frame;
            };
        }

        /** A frame whose length is right and all else is not. */
        private byte[] frame(int stream, byte[] body) {
            return ByteBuffer.allocate(10 + body.length)
                    .putInt(body.length)
                    .putInt(stream)
                    .put((byte) random.nextInt(6))
                    .put((byte) random.nextInt())
                    .put(body)
                    .array();
        }
    }

    /** Frames of HTTP/2 with messages of gRPC in them. Sources: RFC 9113, RFC 7541, "gRPC over HTTP2". */
    private final class GrpcPeer implements Peer {
        @Override
        public byte[] greeting() {
            return switch (random.nextInt(10)) {
                case 0 -> noise(random.nextInt(1, 100));
                case 1 -> mutated(Http2.preface());
                default -> Http2.preface();
            };
        }

        @Override
        public byte[] message(int number) {
            int stream = 2 * number + 1;
            byte[] call = Http2.call(stream, "/" + method(), payload(), "wharf-fuzz-names");
            return switch (random.nextInt(6)) {
                case 0 -> mutated(call);
                case 1 -> noise(random.nextInt(1, 200));
                case 2 ->
                    Http2.frame(random.nextInt(12), random.nextInt(256), random.nextInt(), noise(random.nextInt(100)));
                default -> call;
            };
        }
    }
}
