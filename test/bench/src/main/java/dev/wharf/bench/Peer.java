package dev.wharf.bench;

import dev.wharf.client.ChannelFactory;
import dev.wharf.client.WharfClient;
import dev.wharf.cmd.wharf.grpc.NettyChannels;
import dev.wharf.core.context.Context;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the two daemons, private: root, state, sockets and configuration below one directory, and a namespace of its
 * own. Both are spoken to by gRPC and have no CRI and no NRI.
 */
final class Peer implements AutoCloseable {
    /** Which of the two. */
    enum Kind {
        WHARFD,
        OTHER
    }

    private static final String CONFIG = """
            version = 2
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri"]
            [plugins."io.containerd.internal.v1.opt"]
              path = "%s"
            """;
    private static final long START_NANOS = 60_000_000_000L;
    private static final long STOP_SECONDS = 30;

    private final Kind kind;
    private final Options options;
    private final Path directory;
    private @Nullable Process process;
    private @Nullable WharfClient client;

    private Peer(Kind kind, Options options, Path directory) {
        this.kind = kind;
        this.options = options;
        this.directory = directory;
    }

    /** Makes the directory of one, below another, and its configuration. */
    static Peer prepare(Kind kind, Options options, Path below) {
        try {
            Path directory = Files.createTempDirectory(below, kind == Kind.WHARFD ? "wharfd-" : "other-");
            Files.writeString(directory.resolve("config.toml"), CONFIG.formatted(directory.resolve("opt")));
            return new Peer(kind, options, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, and returns the milliseconds until it has answered for the first time. */
    double start() {
        long start = System.nanoTime();
        process = spawn();
        awaitSocket(start + START_NANOS);
        client = connect();
        client.version();
        return (System.nanoTime() - start) / 1e6;
    }

    private Process spawn() {
        ProcessBuilder builder = new ProcessBuilder(
                        program().toString(),
                        "--config",
                        directory.resolve("config.toml").toString(),
                        "--root",
                        directory.resolve("root").toString(),
                        "--state",
                        directory.resolve("state").toString(),
                        "--address",
                        address().toString(),
                        "--log-level",
                        "warn")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Path shims = Path.of(options.containerd()).toAbsolutePath().getParent();
        if (options.containerd().contains("/") && shims != null) {
            builder.environment().merge("PATH", "", (path, _) -> shims + File.pathSeparator + path);
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path program() {
        return switch (kind) {
            case WHARFD -> options.dist().resolve("bin/wharfd").toAbsolutePath();
            case OTHER -> Path.of(options.containerd());
        };
    }

    /** The socket's file is there a little before it listens, and gRPC would wait long before it tries again. */
    private void awaitSocket(long until) {
        while (!listens()) {
            if (!running().isAlive() || System.nanoTime() > until) {
                throw new IllegalStateException(program() + " did not start; its log:\n" + logText());
            }
            Programs.sleep(1);
        }
    }

    private boolean listens() {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return socket.connect(UnixDomainSocketAddress.of(address()));
        } catch (IOException e) {
            return false;
        }
    }

    Kind kind() {
        return kind;
    }

    Path directory() {
        return directory;
    }

    Path address() {
        return directory.resolve("d.sock");
    }

    long pid() {
        return running().pid();
    }

    /** What it has taken of the processors since it was started, as exactly as the kernel tells: 10 milliseconds. */
    double processorMillis() {
        return running().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    /** The namespace of its containers, which shows in cgroups. */
    String namespace() {
        return "wharf-bench-" + directory.getFileName();
    }

    Context ctx() {
        return Context.of(namespace());
    }

    /** The connection of the harness. */
    WharfClient client() {
        return Objects.requireNonNull(client, "not started");
    }

    /** A further connection. */
    WharfClient connect() {
        return WharfClient.overGrpc(address(), new NettyChannels());
    }

    /** A connection for calls the client does not make. */
    ChannelFactory.Connection channel() {
        return new NettyChannels().connect(address());
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String logText() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    /** Stops it; it can be started again on what it has. */
    void stop() {
        if (client != null) {
            client.close();
            client = null;
        }
        if (process != null) {
            process.destroy();
            if (!Programs.ended(process, STOP_SECONDS)) {
                process.destroyForcibly();
            }
            process = null;
        }
    }

    /** Ends its containers and itself and removes all it had. */
    @Override
    public void close() {
        Traces traces = new Traces(directory, namespace());
        if (client != null) {
            Sleepers.endAll(client, ctx());
        }
        stop();
        traces.remove();
    }

    /** Program and directory of the command line tools that belong to it. */
    List<String> listCommand() {
        String tool = options.containerd().contains("/")
                ? Path.of(options.containerd()).resolveSibling("ctr").toString()
                : "ctr";
        String address = address().toString();
        return switch (kind) {
            case WHARFD ->
                List.of(
                        options.dist().resolve("bin/wharf").toString(),
                        "--address",
                        address,
                        "--namespace",
                        namespace(),
                        "ps");
            case OTHER -> List.of(tool, "--address", address, "--namespace", namespace(), "containers", "ls");
        };
    }
}
