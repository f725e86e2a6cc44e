package dev.wharf.plugins.runtime.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.events.TaskDelete;
import dev.wharf.api.services.events.ttrpc.v1.EventsGrpc;
import dev.wharf.api.services.events.ttrpc.v1.ForwardRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.core.context.Context;
import dev.wharf.core.events.Event;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.Command;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.ttrpc.TtrpcServer;
import dev.wharf.testkit.dirs.TempDirs;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's surroundings for one test: directories, the socket shims send events to, a root of busybox, and checks that
 * nothing is left in the end.
 */
final class ShimFixture implements AutoCloseable {
    static final String RUNC = "io.containerd.runc.v2";
    static final ShimTimeouts TIMEOUTS = new ShimTimeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60));

    final TempDirs dirs = TempDirs.create();
    final Path root = dirs.root();
    final Path state = root.resolve("state");
    final Path rootfs = dirs.directory("busybox");
    final String namespace = "wharf-" + Long.toString(System.nanoTime(), 36);
    final Context ctx = Context.of(namespace);
    final DaemonEvents bus = new DaemonEvents(Clock.systemUTC());
    final Queue<Envelope> forwarded = new ConcurrentLinkedQueue<>();

    private final TtrpcServer events;
    private final List<ShimTaskRuntime> runtimes = new ArrayList<>();

    ShimFixture() {
        try {
            installBusybox();
            events = TtrpcServer.builder().add(new EventsService()).build();
            events.listen(root.resolve("events.ttrpc"), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class EventsService extends EventsGrpc.EventsImplBase {
        @Override
        public void forward(ForwardRequest request, StreamObserver<Empty> answer) {
            forwarded.add(request.getEnvelope());
            tell(request.getEnvelope());
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private void tell(Envelope envelope) {
        if (!envelope.getTopic().equals("/tasks/delete")) {
            return;
        }
        try {
            TaskDelete deleted = TaskDelete.parseFrom(envelope.getEvent().getValue());
            Event event = new Event.TaskDeleted(
                    deleted.getContainerId(),
                    deleted.getPid(),
                    deleted.getExitStatus(),
                    Protos.instant(deleted.getExitedAt()),
                    deleted.getId());
            bus.forward(new dev.wharf.core.events.Envelope(
                    Protos.instant(envelope.getTimestamp()), envelope.getNamespace(), envelope.getTopic(), event));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void installBusybox() throws IOException {
        for (String directory : List.of("bin", "proc", "dev", "sys", "tmp", "root")) {
            Files.createDirectory(rootfs.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        for (String applet : List.of("sh", "sleep", "cat", "echo", "true", "kill", "stty", "ps", "id")) {
            Files.createSymbolicLink(rootfs.resolve("bin").resolve(applet), Path.of("busybox"));
        }
    }

    /** A runtime over the same directories, as a daemon has it after a start. */
    ShimTaskRuntime newRuntime() {
        return newRuntime(TIMEOUTS);
    }

    ShimTaskRuntime newRuntime(ShimTimeouts timeouts) {
        ShimTaskRuntime runtime = new ShimTaskRuntime(config(timeouts), bus, new NoMetadata(), Clock.systemUTC());
        runtimes.add(runtime);
        runtime.recover();
        return runtime;
    }

    ShimConfig config(ShimTimeouts timeouts) {
        return new ShimConfig(
                state,
                root.resolve("root"),
                root.resolve("daemon.sock").toString(),
                root.resolve("events.ttrpc").toString(),
                Path.of("/bin/true"),
                Path.of("/run/containerd/s"),
                Optional.empty(),
                Map.of(),
                false,
                "2.4.0",
                timeouts);
    }

    private static final class NoMetadata implements KnownContainers {
        @Override
        public Optional<String> runtimeOf(String namespace, String containerId) {
            return Optional.of(RUNC);
        }

        @Override
        public boolean isSandbox(String namespace, String id) {
            return false;
        }

        @Override
        public Optional<ShimEndpoint> sandboxEndpoint(String namespace, String sandboxId) {
            return Optional.empty();
        }
    }

    Path bundle(String id) {
        return state.resolve(namespace).resolve(id);
    }

    /** A request to run a shell command with the bind-mounted busybox as its root. */
    CreateTask request(String id, String command) {
        return request(id, RUNC, command, TaskIo.NONE);
    }

    CreateTask request(String id, String runtime, String command, TaskIo io) {
        List<Mount> mounts = List.of(Mount.of("bind", rootfs.toString(), List.of("rbind", "rw")));
        return new CreateTask(id, runtime, spec(id, command, io.terminal()), mounts, io, runcOptions(), "", "");
    }

    /** The same in the shim of a group. */
    CreateTask grouped(String id, String group, String command) {
        String json = new String(spec(id, command, false).value(), StandardCharsets.UTF_8)
                .replaceFirst("\\{", "{\"annotations\": {\"io.containerd.runc.v2.group\": \"" + group + "\"},");
        CreateTask plain = request(id, command);
        TypedValue spec = new TypedValue(TypedValue.SPEC, json.getBytes(StandardCharsets.UTF_8));
        return new CreateTask(id, RUNC, spec, plain.rootfs(), plain.io(), plain.options(), "", "");
    }

    /** Keeps runc's own state below the test's directory. */
    TypedValue runcOptions() {
        return Protos.value(com.google.protobuf.Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .setValue(dev.wharf.api.runc.v1.Options.newBuilder()
                        .setRoot(root.resolve("runc").toString())
                        .build()
                        .toByteString())
                .build());
    }

    TypedValue spec(String id, String command, boolean terminal) {
        String json = """
                {"ociVersion": "1.0.2",
                 "process": %s,
                 "root": {"path": "rootfs"},
                 "hostname": "test",
                 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
                            {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
                             "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]}],
                 "linux": {"cgroupsPath": "/%s-%s",
                           "namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}]}}
                """.formatted(process(command, terminal), namespace, id);
        return new TypedValue(TypedValue.SPEC, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String process(String command, boolean terminal) {
        return """
                {"terminal": %s, "user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"],
                 "args": ["sh", "-c", "%s"]}""".formatted(terminal, command);
    }

    static TypedValue exec(String command) {
        return new TypedValue(TypedValue.PROCESS, process(command, false).getBytes(StandardCharsets.UTF_8));
    }

    /** A started task. */
    Task run(ShimTaskRuntime runtime, String id, String command) {
        Task task = runtime.create(ctx, request(id, command));
        task.start(ctx, "");
        return task;
    }

    /** The topics shims sent so far. */
    List<String> forwardedTopics() {
        return forwarded.stream().map(Envelope::getTopic).toList();
    }

    /** A shim of the test's own making: a shell script. */
    Path script(String name, String body) {
        try {
            Path script = root.resolve(name);
            Files.writeString(script, "#!/bin/sh\n" + body + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Timeouts for shims that are made to hang. */
    ShimTimeouts hasty() {
        return new ShimTimeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
    }

    /** The socket of a container's shim. */
    Path socket(String id) {
        return new Bundle(namespace, id, bundle(id), bundle(id))
                .endpoint()
                .orElseThrow()
                .connectable();
    }

    /** Removes what the engine knows of a container whose shim could not do it. */
    void runcDelete(String id) {
        Command.run(
                List.of(
                        "runc",
                        "--root",
                        root.resolve("runc").resolve(namespace).toString(),
                        "delete",
                        "--force",
                        id),
                new byte[0],
                Duration.ofSeconds(10),
                4096);
    }

    /** The shim process of a container. */
    int shimPid(String id) {
        return processesWith("-namespace\0" + namespace + "\0", "-id\0" + id + "\0").stream()
                .findFirst()
                .orElseThrow();
    }

    static void eventually(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Fails when a directory, mount or process of a container of this test is left. */
    void assertNothingLeft(String id) {
        assertThat(bundle(id)).doesNotExist();
        assertThat(root.resolve("root").resolve(namespace).resolve(id)).doesNotExist();
        assertThat(root.resolve("runc").resolve(namespace).resolve(id)).doesNotExist();
        assertThat(dirs.mounts()).noneMatch(mount -> mount.startsWith(bundle(id)));
        eventually(
                "processes of " + id + " end",
                () -> processesWith("-namespace\0" + namespace + "\0", "-id\0" + id + "\0")
                        .isEmpty());
        assertThat(Path.of("/sys/fs/cgroup/pids/" + namespace + "-" + id)).doesNotExist();
        assertThat(hiddenIn(state.resolve(namespace))).isEmpty();
    }

    private static List<Path> hiddenIn(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> Trees.name(path).startsWith(".")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Integer> processesWith(String... parts) {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String line = read(process.resolve("cmdline"));
                if (line != null && Stream.of(parts).allMatch(line::contains)) {
                    pids.add(Integer.valueOf(Trees.name(process)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
    }

    /** What a failed test leaves must not disturb the next one. */
    private void endContainers() throws IOException {
        Path groups = Path.of("/sys/fs/cgroup/freezer");
        if (!Files.isDirectory(groups)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(groups, namespace + "-*")) {
            for (Path group : left) {
                Files.writeString(group.resolve("freezer.state"), "THAWED");
                runcDelete(Trees.name(group).substring(namespace.length() + 1));
            }
        }
    }

    @Override
    public void close() throws IOException {
        runtimes.forEach(ShimTaskRuntime::close);
        List<Integer> left = processesWith(namespace);
        left.forEach(pid -> Processes.kill(pid, 9));
        endContainers();
        events.close();
        dirs.close();
        assertThat(left).as("processes left").isEmpty();
    }
}
