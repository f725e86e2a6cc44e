package dev.wharf.shim.testing;

import dev.wharf.api.runtime.bootstrap.v1.BootstrapParams;
import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.lib.linux.Command;
import dev.wharf.lib.linux.CommandResult;
import dev.wharf.lib.linux.Spawn;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A daemon's directories on this machine, and what it does with the shim's program. */
final class Machine implements AutoCloseable {
    static final String NAMESPACE = "test";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private final Path root;
    private final Installation shim;
    private final FakeDaemon daemon;
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private final List<TtrpcChannel> channels = new ArrayList<>();
    private String shell = "";

    Machine(Path root) throws IOException {
        this.root = root;
        shim = Installation.in(root.resolve("home"));
        daemon = new FakeDaemon(root.resolve("d.ttrpc"));
        environment.put(
                "SHIM_SOCKET_DIR", Files.createDirectories(root.resolve("s")).toString());
        environment.put("TTRPC_ADDRESS", daemon.socket().toString());
        environment.put("WHARF_SHIM_LINGER", "0");
        environment.put("WHARF_SHIM_JAVA_OPTS", "-Xshare:auto");
    }

    /** Runs the launcher by a shell other than its first line names. */
    Machine shell(String name) {
        shell = name;
        return this;
    }

    Machine set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Machine unset(String variable) {
        environment.remove(variable);
        return this;
    }

    FakeDaemon daemon() {
        return daemon;
    }

    Path sockets() {
        return root.resolve("s");
    }

    String address() {
        return root.resolve("d.sock").toString();
    }

    Path launcher() {
        return shim.launcher();
    }

    Path bundle(String id, String... command) throws IOException {
        Path bundle = Files.createDirectories(root.resolve("bundles").resolve(id));
        Files.write(bundle.resolve("command"), List.of(command));
        return bundle;
    }

    /** What Go containerd of 2.3 and later writes. */
    BootstrapParams.Builder params(String id) {
        return BootstrapParams.newBuilder()
                .setInstanceId(id)
                .setNamespace(NAMESPACE)
                .setContainerdTtrpcAddress(daemon.socket().toString())
                .setContainerdGrpcAddress(address())
                .setContainerdBinary("/usr/bin/containerd");
    }

    CommandResult start(String id, Path bundle, byte[] stdin) {
        return run(bundle, stdin, "-namespace", NAMESPACE, "-address", address(), "-id", id, "start");
    }

    CommandResult run(Path directory, byte[] stdin, String... arguments) {
        List<String> words = new ArrayList<>();
        if (!shell.isEmpty()) {
            words.addAll(List.of(shell.split(" ")));
        }
        words.add(shim.launcher().toString());
        words.addAll(List.of(arguments));
        Spawn spawn = Spawn.command(words)
                .directory(directory)
                .environment(environment)
                .newProcessGroup();
        return Command.run(spawn, stdin, TIMEOUT, 1 << 20);
    }

    /** Starts, and answers with the socket. */
    Path started(String id, Path bundle) {
        CommandResult result = start(id, bundle, params(id).build().toByteArray());
        if (!result.success()) {
            throw new IllegalStateException(result.toString() + result.stderrText());
        }
        String text = result.stdoutText();
        int from = text.indexOf("unix://") + "unix://".length();
        return Path.of(text.substring(from, text.indexOf('"', from)));
    }

    TtrpcChannel channel(Path socket) throws IOException {
        TtrpcChannel channel = TtrpcChannel.connect(socket, TIMEOUT);
        channels.add(channel);
        return channel;
    }

    TaskGrpc.TaskBlockingStub tasks(Path socket) throws IOException {
        return tasks(channel(socket), NAMESPACE);
    }

    static TaskGrpc.TaskBlockingStub tasks(Channel channel, String namespace) {
        Metadata headers = new Metadata();
        headers.put(HEADER, namespace);
        return TaskGrpc.newBlockingStub(
                        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Ends what still serves, and waits for it. */
    @Override
    public void close() throws IOException, InterruptedException {
        channels.forEach(TtrpcChannel::close);
        try (var files = Files.newDirectoryStream(sockets(), "*.shim")) {
            for (Path file : files) {
                Shims.kill(file);
            }
        }
        daemon.close();
    }

    /** Asks a shim to end. */
    static void shutdown(TaskGrpc.TaskBlockingStub tasks) {
        tasks.shutdown(ShutdownRequest.newBuilder().setNow(true).build());
    }

    static String json(int version, Path socket) {
        return "{\"version\":" + version + ",\"address\":\"unix://" + socket + "\",\"protocol\":\"ttrpc\"}\n";
    }
}
