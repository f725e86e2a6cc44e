package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Poll;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of tasks below the machine's own shim and engine. */
class ShimTaskRuntimeTest {
    private ShimFixture on;
    private ShimTaskRuntime runtime;

    @BeforeEach
    void start() {
        on = new ShimFixture();
        runtime = on.newRuntime();
    }

    @AfterEach
    void stop() throws IOException {
        on.close();
    }

    @Test
    void taskRunsToItsExitCodeAndIsDeletedWithoutATrace() {
        Task task = runtime.create(on.ctx, on.request("t1", "exit 7"));
        assertThat(task.pid()).isPositive();
        assertThat(task.state(on.ctx, "").status()).isEqualTo(Status.CREATED);
        assertThat(task.start(on.ctx, "")).isEqualTo(task.pid());

        Exit exit = task.await(on.ctx, "");
        assertThat(exit.status()).isEqualTo(7);
        assertThat(exit.pid()).isEqualTo(task.pid());
        assertThat(exit.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(task.state(on.ctx, "").status()).isEqualTo(Status.STOPPED);
        assertThat(task.state(on.ctx, "").exitStatus()).isEqualTo(7);

        assertThat(runtime.delete(on.ctx, "t1").status()).isEqualTo(7);
        assertThat(runtime.list(on.ctx)).isEmpty();
        on.assertNothingLeft("t1");
        assertThat(on.bus.events()).isEmpty();
        eventually(
                "events of the shim arrive",
                () -> on.forwardedTopics()
                        .equals(List.of("/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete")));
    }

    @Test
    void bundleHasTheFilesAndPermissionsOthersExpect() throws IOException {
        runtime.create(on.ctx, on.request("t1", "sleep 60"));
        Path bundle = on.bundle("t1");
        assertThat(permissions(bundle)).isEqualTo("rwx------");
        assertThat(permissions(on.state)).isEqualTo("rwx--x--x");
        assertThat(permissions(on.state.resolve(on.namespace))).isEqualTo("rwx--x--x");
        assertThat(permissions(bundle.resolve("config.json"))).isEqualTo("rw-r--r--");
        assertThat(permissions(bundle.resolve("bootstrap.json"))).isEqualTo("rw-r--r--");
        assertThat(permissions(bundle.resolve("shim-binary-path"))).isEqualTo("rw-------");
        assertThat(permissions(bundle.resolve("log"))).isEqualTo("rwx------");
        assertThat(bundle.resolve("shim-binary-path")).hasContent("/usr/bin/containerd-shim-runc-v2");
        assertThat(Files.readString(bundle.resolve("bootstrap.json")))
                .matches(
                        "\\{\"version\":2,\"address\":\"unix:///run/containerd/s/[0-9a-f]{64}\",\"protocol\":\"ttrpc\"}");
        assertThat(Files.readSymbolicLink(bundle.resolve("work")))
                .isEqualTo(on.root.resolve("root").resolve(on.namespace).resolve("t1"))
                .isDirectory();
        Path socket = new Bundle(on.namespace, "t1", bundle, bundle)
                .endpoint()
                .orElseThrow()
                .connectable();
        assertThat(socket).exists();

        runtime.get(on.ctx, "t1").kill(on.ctx, "", 9, true);
        runtime.get(on.ctx, "t1").await(on.ctx, "");
        runtime.delete(on.ctx, "t1");
        assertThat(socket).doesNotExist();
        on.assertNothingLeft("t1");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void groupOfRootInAUserNamespaceMayPassThroughTheBundle() throws IOException {
        Bundles bundles = new Bundles(on.state, on.root.resolve("root"));
        String spec = "{\"linux\": {\"gidMappings\": [{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]}}";
        Bundle bundle = bundles.create(
                on.namespace, "u1", new TypedValue(TypedValue.SPEC, spec.getBytes(StandardCharsets.UTF_8)));
        assertThat(permissions(bundle.path())).isEqualTo("rwx--x---");
        assertThat(Files.getAttribute(bundle.path(), "unix:gid")).isEqualTo(100000);
        bundle.delete();
        on.assertNothingLeft("u1");
    }

    @Test
    void signalEndsATask() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.kill(on.ctx, "", 9, false);
        assertThat(task.await(on.ctx, "").status()).isEqualTo(137);
        assertThatThrownBy(() -> task.kill(on.ctx, "", 9, false)).satisfies(is(ErrorKind.NOT_FOUND));
        runtime.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void runningTaskCannotBeDeleted() {
        Task task = on.run(runtime, "t1", "sleep 60");
        assertThatThrownBy(() -> runtime.delete(on.ctx, "t1")).satisfies(is(ErrorKind.FAILED_PRECONDITION));
        assertThat(task.state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
        end(task);
    }

    @Test
    void execRunsBesideTheFirstProcess() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.exec(on.ctx, "e1", ShimFixture.exec("exit 3"), TaskIo.NONE);
        assertThatThrownBy(() -> task.exec(on.ctx, "e1", ShimFixture.exec("exit 3"), TaskIo.NONE))
                .satisfies(is(ErrorKind.ALREADY_EXISTS));
        assertThatThrownBy(() -> task.exec(on.ctx, "../e1", ShimFixture.exec("exit 3"), TaskIo.NONE))
                .satisfies(is(ErrorKind.INVALID_ARGUMENT));
        int pid = task.start(on.ctx, "e1");
        Exit exit = task.await(on.ctx, "e1");
        assertThat(exit.status()).isEqualTo(3);
        assertThat(exit.pid()).isEqualTo(pid);
        assertThat(task.state(on.ctx, "e1").status()).isEqualTo(Status.STOPPED);
        assertThat(task.deleteProcess(on.ctx, "e1").status()).isEqualTo(3);
        assertThatThrownBy(() -> task.state(on.ctx, "e1")).satisfies(is(ErrorKind.NOT_FOUND));
        end(task);
    }

    @Test
    void runningExecCannotBeDeleted() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.exec(on.ctx, "e1", ShimFixture.exec("sleep 60"), TaskIo.NONE);
        task.start(on.ctx, "e1");
        assertThatThrownBy(() -> task.deleteProcess(on.ctx, "e1")).satisfies(is(ErrorKind.FAILED_PRECONDITION));
        assertThat(task.pids(on.ctx)).hasSize(2).anyMatch(process -> process.info() != null);
        end(task);
    }

    @Test
    void outputsGoToTheFifosNamed() {
        Path out = on.root.resolve("out");
        Path err = on.root.resolve("err");
        Fifo.create(out, 0600);
        Fifo.create(err, 0600);
        TaskIo io = new TaskIo("", out.toString(), err.toString(), false);
        try (Fd outReader = Fifo.openBoth(out);
                Fd errReader = Fifo.openBoth(err)) {
            Task task = runtime.create(on.ctx, on.request("t1", ShimFixture.RUNC, "echo hello; echo bad >&2", io));
            assertThat(task.state(on.ctx, "").io()).isEqualTo(io);
            task.start(on.ctx, "");
            task.await(on.ctx, "");
            runtime.delete(on.ctx, "t1");
            assertThat(readUntil(outReader, "\n")).isEqualTo("hello\n");
            assertThat(readUntil(errReader, "\n")).isEqualTo("bad\n");
        }
    }

    private static String readUntil(Fd reader, String end) {
        String said = "";
        while (!said.contains(end)) {
            assertThat(Poll.await(reader, Poll.IN, Duration.ofSeconds(20)))
                    .as("output after " + said)
                    .isNotZero();
            byte[] chunk = new byte[256];
            said += new String(chunk, 0, FileIo.read(reader, chunk, 0, chunk.length), StandardCharsets.UTF_8);
        }
        return said;
    }

    @Test
    void terminalHasTheSizeItIsGiven() {
        Path out = on.root.resolve("tty.out");
        Path in = on.root.resolve("tty.in");
        Fifo.create(out, 0600);
        Fifo.create(in, 0600);
        try (Fd reader = Fifo.openBoth(out);
                Fd writer = Fifo.openBoth(in)) {
            Task task = runtime.create(
                    on.ctx,
                    on.request(
                            "t1",
                            ShimFixture.RUNC,
                            "read line; stty size; echo got $line",
                            new TaskIo(in.toString(), out.toString(), "", true)));
            task.start(on.ctx, "");
            task.resizePty(on.ctx, "", 97, 31);
            FileIo.writeFully(writer, "go\n".getBytes(StandardCharsets.UTF_8));
            String said = readUntil(reader, "got go");
            assertThat(said).contains("31 97");
            task.closeStdin(on.ctx, "");
            assertThat(task.state(on.ctx, "").io().terminal()).isTrue();
            assertThat(task.await(on.ctx, "").status()).isZero();
            runtime.delete(on.ctx, "t1");
        }
        on.assertNothingLeft("t1");
    }

    @Test
    void pausedTaskGoesOnWhenResumed() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.pause(on.ctx);
        assertThat(task.state(on.ctx, "").status()).isEqualTo(Status.PAUSED);
        assertThatThrownBy(() -> runtime.delete(on.ctx, "t1")).satisfies(is(ErrorKind.FAILED_PRECONDITION));
        task.resume(on.ctx);
        assertThat(task.state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
        end(task);
    }

    @Test
    void resourcesCanBeChangedAndMeasured() throws IOException {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.update(
                on.ctx,
                new TypedValue(
                        "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources",
                        "{\"pids\": {\"limit\": 77}}".getBytes(StandardCharsets.UTF_8)),
                Map.of());
        assertThat(Path.of("/sys/fs/cgroup/pids/" + on.namespace + "-t1/pids.max"))
                .hasContent("77");
        TypedValue stats = task.stats(on.ctx);
        assertThat(stats.typeUrl()).startsWith("io.containerd.cgroups.");
        assertThat(stats.value()).isNotEmpty();
        end(task);
    }

    @Test
    void tasksAreSeenInTheirNamespaceOnly() {
        end(on.run(runtime, "t1", "sleep 60"), () -> {
            assertThat(runtime.list(on.ctx)).extracting(Task::id).containsExactly("t1");
            assertThat(runtime.get(on.ctx, "t1").namespace()).isEqualTo(on.namespace);
            assertThat(runtime.list(dev.wharf.core.context.Context.of("other"))).isEmpty();
            assertThatThrownBy(() -> runtime.get(dev.wharf.core.context.Context.of("other"), "t1"))
                    .satisfies(is(ErrorKind.NOT_FOUND));
            assertThatThrownBy(() -> runtime.create(on.ctx, on.request("t1", "true")))
                    .satisfies(is(ErrorKind.ALREADY_EXISTS));
        });
    }

    @Test
    void createOfWhatTheEngineRefusesLeavesNothing() {
        assertThatThrownBy(() -> runtime.create(
                        on.ctx,
                        new dev.wharf.core.runtime.CreateTask(
                                "t1",
                                ShimFixture.RUNC,
                                new TypedValue(
                                        TypedValue.SPEC,
                                        new String(on.spec("t1", "true", false).value(), StandardCharsets.UTF_8)
                                                .replace("\"sh\"", "\"no-such-program\"")
                                                .getBytes(StandardCharsets.UTF_8)),
                                on.request("t1", "true").rootfs(),
                                TaskIo.NONE,
                                on.runcOptions(),
                                "",
                                "")))
                .hasMessageStartingWith("failed to create shim task: ")
                .hasMessageContaining("no-such-program");
        on.assertNothingLeft("t1");
        assertThat(on.bus.events()).isEmpty();
        assertThat(runtime.list(on.ctx)).isEmpty();
        end(on.run(runtime, "t1", "sleep 60"));
    }

    @Test
    void createdTaskThatNeverStartedCanBeDeleted() {
        runtime.create(on.ctx, on.request("t1", "true"));
        runtime.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void manyTasksLiveAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Exit>> exits = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> {
                        Task task = on.run(runtime, "m" + i, "exit " + i);
                        assertThat(task.await(on.ctx, "").status()).isEqualTo(i);
                        return runtime.delete(on.ctx, "m" + i);
                    }))
                    .toList();
            for (int i = 0; i < 8; i++) {
                assertThat(exits.get(i).get().status()).isEqualTo(i);
            }
        }
        assertThat(runtime.list(on.ctx)).isEmpty();
        for (int i = 0; i < 8; i++) {
            on.assertNothingLeft("m" + i);
        }
        eventually("all exits are told", () -> count("/tasks/exit") == 8);
        eventually("all deletions are told", () -> count("/tasks/delete") == 8);
    }

    private long count(String topic) {
        return on.forwardedTopics().stream().filter(topic::equals).count();
    }

    @Test
    void oldShimCannotDescribeItself() {
        assertThatThrownBy(() -> runtime.info(on.ctx, ShimFixture.RUNC, null)).satisfies(is(ErrorKind.NOT_IMPLEMENTED));
    }

    private void end(Task task) {
        end(task, () -> {});
    }

    private void end(Task task, Runnable before) {
        before.run();
        task.kill(on.ctx, "", 9, true);
        task.await(on.ctx, "");
        runtime.delete(on.ctx, task.id());
        on.assertNothingLeft(task.id());
    }

    static org.assertj.core.api.ThrowingConsumer<Throwable> is(ErrorKind kind) {
        return failure -> assertThat(((WharfException) failure).kind())
                .as(failure.getMessage())
                .isEqualTo(kind);
    }
}
