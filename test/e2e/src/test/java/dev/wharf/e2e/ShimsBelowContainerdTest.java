package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Wharf's shims below the stock daemon, which finds them by name on its PATH: the {@code containerd} and {@code ctr}
 * installed, or those of the directory in {@code -Dwharf.test.containerd}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShimsBelowContainerdTest {
    private static final String NAMESPACE = "wharf-below";
    private static final String RUNTIME = "io.containerd.wharf.v1";
    private static final String IMAGE = BusyboxImage.NAME;
    private static final String PROGRAMS = System.getProperty("wharf.test.containerd", "");

    private Path directory;
    private Process containerd;

    @BeforeAll
    void start() throws Exception {
        directory = Files.createTempDirectory("wharf-test-below-");
        Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", \
                  "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri"]
                [grpc]
                  address = "%1$s/c.sock"
                [ttrpc]
                  address = "%1$s/c.sock.ttrpc"
                """.formatted(directory));
        startDaemon();
        ctr("images", "import", BusyboxImage.archive(directory).toString()).ok();
    }

    private void startDaemon() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        program("containerd"),
                        "--config",
                        directory.resolve("config.toml").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment().merge("PATH", Daemon.DIST.resolve("bin").toString(), (path, ours) -> ours + ":" + path);
        builder.environment().put("WHARF_SHIM_LINGER", "0");
        containerd = builder.start();
        Programs.await("containerd to answer", () -> ctr("version").exit() == 0);
    }

    private static String program(String name) {
        return PROGRAMS.isEmpty() ? name : Path.of(PROGRAMS, name).toString();
    }

    private void endDaemon() throws InterruptedException {
        containerd.destroyForcibly();
        assertThat(containerd.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void removeContainers() {
        for (String id : ctr("tasks", "ls", "-q").ok().lines()) {
            ctr("tasks", "rm", "--force", id).ok();
        }
        for (String id : ctr("containers", "ls", "-q").ok().lines()) {
            ctr("containers", "rm", id).ok();
        }
        // The daemon hides the task of a dead shim before it removes what is left of it.
        Programs.await("the cgroups to go", () -> Cgroups.of(NAMESPACE).isEmpty());
    }

    @AfterAll
    void stop() throws Exception {
        containerd.destroy();
        assertThat(containerd.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Programs.await("the shims to end", () -> processes().isEmpty());
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            assertThat(mounts.filter(line -> line.contains(" " + directory + "/")))
                    .isEmpty();
        }
        Programs.run("rm", "-rf", "--one-file-system", directory.toString()).ok();
        Cgroups.removeEmpty(NAMESPACE);
    }

    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(handle -> handle.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    private Programs.Result ctr(String... arguments) {
        return Programs.run(ctrCommand(arguments));
    }

    /** In a terminal of its own, where this is typed. */
    private Programs.Result inTerminal(String typed, String... arguments) {
        return Programs.runWithInput(Programs.inTerminal(ctrCommand(arguments)), typed);
    }

    private List<String> ctrCommand(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(program("ctr"), "--address", directory.resolve("c.sock").toString(), "--namespace", NAMESPACE));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private void background(String id, String script) {
        ctr("run", "-d", "--null-io", "--runtime", RUNTIME, IMAGE, id, "sh", "-c", script)
                .ok();
    }

    @Test
    void containersRunToTheirEnd() {
        Programs.Result result =
                ctr("run", "--rm", "--runtime", RUNTIME, IMAGE, "one", "sh", "-c", "echo out; echo err >&2; exit 42");
        assertThat(result.exit()).as(result.toString()).isEqualTo(42);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).contains("err");
    }

    @Test
    void containersShareOneShim() {
        background("a", "sleep 1000");
        background("b", "sleep 1000");
        assertThat(processes().stream().filter(line -> line.contains("shim-wharf.jvm")))
                .hasSize(1);
    }

    @Test
    void programsRunInContainersAndSignalsReachThem() {
        background("c", "trap 'exit 9' TERM; while true; do sleep 0.1; done");
        assertThat(ctr("tasks", "exec", "--exec-id", "x", "c", "echo", "inside")
                        .ok()
                        .out())
                .isEqualTo("inside\n");
        assertThat(ctr("tasks", "exec", "--exec-id", "y", "c", "sh", "-c", "exit 7")
                        .exit())
                .isEqualTo(7);
        assertThat(ctr("tasks", "ps", "c").ok().lines()).hasSizeGreaterThan(1);
        assertThat(ctr("tasks", "metrics", "c").ok().out()).contains("memory");
        ctr("tasks", "kill", "-s", "SIGTERM", "c").ok();
        Programs.await(
                "the container to end", () -> ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(ctr("tasks", "rm", "c").err()).contains("exit code 9");
    }

    @Test
    void containersPauseAndGoOn() {
        background("p", "sleep 1000");
        ctr("tasks", "pause", "p").ok();
        assertThat(ctr("tasks", "ls").ok().out()).contains("PAUSED");
        ctr("tasks", "resume", "p").ok();
        assertThat(ctr("tasks", "ls").ok().out()).contains("RUNNING");
    }

    @Test
    void terminalsWork() {
        assertThat(inTerminal(
                                "",
                                "run",
                                "--rm",
                                "-t",
                                "--runtime",
                                RUNTIME,
                                IMAGE,
                                "tty",
                                "sh",
                                "-c",
                                "test -t 0 && test -t 1 && echo a terminal")
                        .ok()
                        .out())
                .contains("a terminal");
    }

    /** Attached to, ctr ends with the program and not with its output, so that leaves the output time. */
    @Test
    void aTaskCanBeAttachedTo() throws IOException {
        Path fifos = Files.createDirectory(directory.resolve("fifos"));
        String script = "read word; echo got $word; echo late >&2; sleep 1; exit 4";
        ctr("run", "-d", "--fifo-dir", fifos.toString(), "--runtime", RUNTIME, IMAGE, "attached", "sh", "-c", script)
                .ok();
        Programs.Result attached = Programs.runWithInput(ctrCommand("tasks", "attach", "attached"), "this\n");
        assertThat(attached.out()).as(attached.toString()).isEqualTo("got this\n");
        assertThat(attached.err()).contains("late");
        assertThat(attached.exit()).isEqualTo(4);
    }

    @Test
    void aTerminalCanBeAttachedTo() throws IOException {
        Path fifos = Files.createDirectory(directory.resolve("fifos-tty"));
        String script = "while read word; do [ $word != end ] || break; echo got $word; done; sleep 1; exit 5";
        inTerminal(
                        "",
                        "run",
                        "-d",
                        "-t",
                        "--fifo-dir",
                        fifos.toString(),
                        "--runtime",
                        RUNTIME,
                        IMAGE,
                        "attached",
                        "sh",
                        "-c",
                        script)
                .ok();
        Programs.Result attached = inTerminal("this\nend\n", "tasks", "attach", "attached");
        assertThat(attached.out()).as(attached.toString()).contains("got this");
        assertThat(attached.exit()).isEqualTo(5);
    }

    @Test
    void containersOutliveTheDaemon() throws Exception {
        background("stays", "sleep 1000");
        background("ends", "sleep 1; exit 42");
        endDaemon();
        Thread.sleep(1500);
        startDaemon();
        String tasks = ctr("tasks", "ls").ok().out();
        assertThat(tasks).containsPattern("stays\\s+\\d+\\s+RUNNING");
        assertThat(ctr("tasks", "exec", "--exec-id", "x", "stays", "echo", "alive")
                        .ok()
                        .out())
                .isEqualTo("alive\n");
        if (!removesWhatEndedMeanwhile()) {
            assertThat(tasks).containsPattern("ends\\s+\\d+\\s+STOPPED");
            assertThat(ctr("tasks", "rm", "ends").err()).contains("exit code 42");
        }
    }

    /** As containerd does from 2.0 on, by whatever shim: it takes one without processes for left over. */
    private static boolean removesWhatEndedMeanwhile() {
        return !Programs.run(program("containerd"), "--version").ok().out().matches("(?s)\\S+ \\S+ v?1\\..*");
    }

    @Test
    void modulesRunBesideContainers() throws IOException {
        Path module =
                Files.write(directory.resolve("writes.wasm"), HexFormat.of().parseHex(WasiContainersTest.WRITES));
        background("beside", "sleep 1000");
        assertThat(ctr(
                                "run",
                                "--rm",
                                "--runtime",
                                "io.containerd.wharfwasi.v1",
                                "--mount",
                                "type=bind,src=" + directory + ",dst=/m,options=rbind:ro",
                                IMAGE,
                                "module",
                                "/m/" + module.getFileName())
                        .ok()
                        .out())
                .isEqualTo("trained\n");
    }

    @Test
    void aKilledShimIsToldAndItsContainersAreRemoved() {
        background("victim", "sleep 1000");
        ProcessHandle.allProcesses()
                .filter(handle -> handle.info().commandLine().orElse("").contains(directory.toString())
                        && handle.info().commandLine().orElse("").contains("shim-wharf.jvm"))
                .forEach(ProcessHandle::destroyForcibly);
        Programs.await(
                "the task to be gone",
                () -> ctr("tasks", "ls", "-q").ok().lines().isEmpty());
    }
}
