package dev.wharf.shim.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.runtime.bootstrap.v1.Extension;
import dev.wharf.api.runtime.task.v2.DeleteResponse;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.lib.linux.CommandResult;
import dev.wharf.lib.linux.Prctl;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher as daemons of all versions call it. */
final class LauncherTest {
    private static final byte[] NOTHING = {};

    @TempDir
    Path root;

    private Machine machine;

    @BeforeEach
    void set() throws IOException {
        machine = new Machine(root);
    }

    @AfterEach
    void clean() throws IOException, InterruptedException {
        machine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bash --posix", "busybox sh"})
    void answersBootstrapParamsInJson(String shell) throws IOException {
        machine.shell(shell);
        Path bundle = machine.bundle("one", "true");

        CommandResult first =
                machine.start("one", bundle, machine.params("one").build().toByteArray());
        CommandResult second =
                machine.start("one", bundle, machine.params("one").build().toByteArray());

        Path socket = onlySocket();
        assertThat(first.stdoutText()).as(first.stderrText()).isEqualTo(Machine.json(3, socket));
        assertThat(second.stdoutText()).isEqualTo(first.stdoutText());
        assertThat(machine.tasks(socket)
                        .connect(ConnectRequest.getDefaultInstance())
                        .getShimPid())
                .isEqualTo(Shims.pid(socket));
    }

    @Test
    void knowsParamsWhoseLengthsAreLineFeeds() throws IOException {
        Path bundle = machine.bundle("ten-signs.", "true");
        byte[] params = machine.params("ten-signs.")
                .setNamespace(Machine.NAMESPACE)
                .build()
                .toByteArray();

        assertThat(machine.start("ten-signs.", bundle, params).stdoutText()).isEqualTo(Machine.json(3, onlySocket()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"J1/s", "a/J1/s", "0123456", "plain"})
    void takesTheDirectoryOfTheSocketFromTheParams(String name) throws IOException {
        machine.unset("SHIM_SOCKET_DIR");
        Path directory = machine.sockets().resolve(name);
        Extension options = Extension.newBuilder()
                .setValue(Any.newBuilder()
                        .setTypeUrl("runc.Options")
                        .setValue(ByteString.copyFromUtf8("\n\nJ\4/JJ\21/run/containerd/x")))
                .build();
        byte[] params = machine.params("one")
                .addExtensions(options)
                .setSocketDir(directory.toString())
                .build()
                .toByteArray();

        CommandResult result = machine.start("one", machine.bundle("one", "true"), params);

        assertThat(result.stdoutText()).as(result.stderrText()).contains("unix://" + directory + "/wharf");
        try (var files = Files.newDirectoryStream(directory, "*.shim")) {
            for (Path file : files) {
                Shims.kill(file);
            }
        }
    }

    @Test
    void answersOlderDaemonsInTheirForms() throws IOException {
        Path bundle = machine.bundle("one", "true");
        byte[] options = Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .setValue(ByteString.copyFromUtf8("\n\0\1"))
                .build()
                .toByteArray();

        CommandResult old = machine.start("one", bundle, NOTHING);
        CommandResult oldWithOptions = machine.start("one", bundle, options);
        machine.set("MAX_SHIM_VERSION", "2");
        CommandResult newer = machine.start("one", bundle, options);

        assertThat(onlySocket().toString())
                .as("they do not name the namespace with each call")
                .endsWith("@test");
        assertThat(TaskGrpc.newBlockingStub(machine.channel(onlySocket()))
                        .connect(ConnectRequest.getDefaultInstance())
                        .getShimPid())
                .isEqualTo(Shims.pid(onlySocket()));
        assertThat(old.stdoutText()).as(old.stderrText()).isEqualTo("unix://" + onlySocket());
        assertThat(bundle.resolve("address"))
                .as("which they read when they start again")
                .hasContent("unix://" + onlySocket());
        assertThat(oldWithOptions.stdoutText()).isEqualTo("unix://" + onlySocket());
        assertThat(newer.stdoutText()).isEqualTo(Machine.json(2, onlySocket()));
    }

    @Test
    void aDaemonOfALongAddressHasAShortSocket() throws IOException {
        String longAddress = "/" + "very-long-name/".repeat(12) + "sock";
        Path bundle = machine.bundle("one", "true");

        CommandResult result =
                machine.run(bundle, NOTHING, "-namespace", "test", "--address=" + longAddress, "-id", "one", "start");

        assertThat(result.stdoutText()).as(result.stderrText()).matches("unix://.*/wharf-[0-9a-f]{40}");
    }

    @Test
    void namespacesAndPodsHaveShimsOfTheirOwnWhereAsked() throws IOException {
        Path bundle = machine.bundle("one", "true");
        Files.writeString(
                bundle.resolve("config.json"),
                "{\"annotations\":{\"a\":\"\\\"io.kubernetes.cri.sandbox-id\\\":\\\"no\\\"\","
                        + "\"io.kubernetes.cri.sandbox-id\":\"pod7\"}}");
        machine.set("WHARF_SHIM_GROUP", "pod");
        Path pod = machine.started("one", bundle);
        machine.set("WHARF_SHIM_GROUP", "namespace");
        Path namespace = machine.started("one", bundle);
        machine.set("WHARF_SHIM_GROUP", "box");
        CommandResult wrong = machine.start("one", bundle, NOTHING);

        assertThat(pod.toString()).endsWith("@test@pod7");
        assertThat(namespace.toString()).endsWith("@test");
        assertThat(wrong.success()).isFalse();
        assertThat(wrong.stderrText()).contains("neither machine, namespace nor pod: box");
    }

    /** Where this kernel cannot, the start fails in words, as that of Go's shim does. */
    @Test
    void aCoreSchedulingCookieIsTakenWhereAsked() throws IOException {
        machine.set("SCHED_CORE", "1");
        CommandResult result = machine.start(
                "one",
                machine.bundle("one", "true"),
                machine.params("one").build().toByteArray());

        if (result.success()) {
            assertThat(Prctl.coreCookie(Shims.pid(onlySocket()))).isNotZero();
        } else {
            assertThat(result.stderrText()).contains("enable sched core support: prctl PR_SCHED_CORE");
        }
    }

    @Test
    void startsAtOnceEndWithOneProcess() throws Exception {
        Path bundle = machine.bundle("one", "true");
        byte[] params = machine.params("one").build().toByteArray();
        List<Callable<String>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(() -> machine.start("one", bundle, params).stdoutText());
        }

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> answer : threads.invokeAll(starts)) {
                assertThat(answer.get()).isEqualTo(Machine.json(3, onlySocket()));
            }
        }

        assertThat(machine.tasks(onlySocket())
                        .connect(ConnectRequest.getDefaultInstance())
                        .getShimPid())
                .isEqualTo(Shims.pid(onlySocket()));
    }

    @Test
    void theProcessKeepsNothingOfItsDaemon() throws IOException {
        Path socket = machine.started("one", machine.bundle("one", "true"));
        int pid = Shims.pid(socket);
        int parent = Integer.parseInt(
                Files.readString(Path.of("/proc/self/oom_score_adj")).strip());

        String[] stat = Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ");
        assertThat(stat[3]).as("session").isEqualTo(Integer.toString(pid));
        assertThat(Files.readString(Path.of("/proc/" + pid + "/oom_score_adj")).strip())
                .isEqualTo(Integer.toString(Math.min(parent + 1, 1000)));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))).isEqualTo(Path.of("/"));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0"))).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/1"))).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/2"))).isEqualTo(Path.of(socket + ".d/stderr"));
    }

    @Test
    void aStartThatCannotServeSaysWhy() throws IOException {
        Path bundle = machine.bundle("one", "true");
        machine.set("WHARF_SHIM_JAVA_OPTS", "-XX:NoSuchOption");
        CommandResult noJava = machine.start("one", bundle, NOTHING);
        machine.set("WHARF_SHIM_JAVA_OPTS", "").set("SHIM_SOCKET_DIR", "/proc/none");
        CommandResult noDirectory = machine.start("one", bundle, NOTHING);

        assertThat(noJava.success()).isFalse();
        assertThat(noJava.stderrText()).startsWith("io.containerd.wharf.v1: ").contains("stderr");
        assertThat(noDirectory.success()).isFalse();
        assertThat(noDirectory.stderrText()).contains("/proc/none");
    }

    @Test
    void refusesWhatGoRefuses() throws IOException {
        CommandResult noNamespace = machine.run(root, NOTHING, "-id", "one", "start");
        CommandResult unknown = machine.run(root, NOTHING, "-what", "start");

        assertThat(noNamespace.success()).isFalse();
        assertThat(noNamespace.stderrText()).isEqualTo("io.containerd.wharf.v1: shim namespace cannot be empty");
        assertThat(unknown.stderrText()).contains("flag provided but not defined: -what");
    }

    @Test
    void tellsItsVersionAndWhatItIs() throws IOException {
        Any options = Any.newBuilder().setTypeUrl("some.Options").build();

        assertThat(machine.run(root, NOTHING, "-v").stdoutText())
                .startsWith("containerd-shim-process-v1:\n  Version:  ")
                .contains("Java version");
        RuntimeInfo info = RuntimeInfo.parseFrom(
                machine.run(root, options.toByteArray(), "-info").stdout());
        assertThat(info.getName()).isEqualTo("io.containerd.process.v1");
        assertThat(info.getVersion().getVersion()).isNotEmpty();
        assertThat(info.getOptions()).isEqualTo(options);
    }

    @Test
    void deleteEndsAContainerThroughTheProcessThatServesIt() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        int pid = runContainer(socket, bundle);

        DeleteResponse response = delete(bundle);

        assertThat(response.getExitStatus()).isEqualTo(137);
        assertThat(response.getPid()).isEqualTo(pid);
        assertThat(Processes.exists(pid)).isFalse();
    }

    @Test
    void deleteEndsAContainerWhoseProcessIsDead() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        int pid = runContainer(socket, bundle);
        Shims.kill(Path.of(socket + ".shim"));

        assertThat(delete(bundle).getExitStatus()).isEqualTo(137);
        Shims.awaitEnd(pid);
    }

    private DeleteResponse delete(Path bundle) throws IOException {
        CommandResult result = machine.run(
                bundle,
                NOTHING,
                "-namespace",
                Machine.NAMESPACE,
                "-address",
                machine.address(),
                "-id",
                "one",
                "-bundle",
                bundle.toString(),
                "delete");
        assertThat(result.success()).as(result.stderrText()).isTrue();
        return DeleteResponse.parseFrom(result.stdout());
    }

    private int runContainer(Path socket, Path bundle) throws IOException {
        var tasks = machine.tasks(socket);
        tasks.create(CreateTaskRequest.newBuilder()
                .setId("one")
                .setBundle(bundle.toString())
                .build());
        return tasks.start(StartRequest.newBuilder().setId("one").build()).getPid();
    }

    private Path onlySocket() throws IOException {
        try (var files = Files.newDirectoryStream(machine.sockets(), "*.shim")) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            assertThat(found).hasSize(1);
            String path = found.getFirst().toString();
            return Path.of(path.substring(0, path.length() - ".shim".length()));
        }
    }
}
