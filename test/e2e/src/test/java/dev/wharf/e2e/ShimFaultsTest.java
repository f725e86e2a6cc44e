package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Shims and engines that do not do their work: the client hears of it in bounded time and nothing stays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShimFaultsTest {
    private static final String IMAGE = BusyboxImage.NAME;

    private Daemon daemon;

    @BeforeAll
    void start() {
        daemon = Daemon.launchOverGoShim("wharf-faults");
        daemon.ctr("images", "import", BusyboxImage.archive(daemon.directory()).toString())
                .ok();
    }

    @AfterAll
    void stop() {
        daemon.close();
    }

    @AfterEach
    void nothingIsLeftAndContainersRun() {
        daemon.removeTasks();
        new Remains(daemon).ofContainersAreNone();
        assertThat(daemon.ctr("snapshots", "ls").ok().out()).doesNotContain("Active");
        assertThat(daemon.ctr("run", "--rm", IMAGE, "after", "echo", "fine")
                        .ok()
                        .out())
                .isEqualTo("fine\n");
    }

    private Path shim(String name, String script) {
        try {
            Path file = Files.writeString(daemon.directory().resolve(name), "#!/bin/sh\n" + script + "\n");
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Programs.Result runWith(Path shim) {
        return daemon.ctr("run", "--rm", "--runtime", shim.toString(), IMAGE, "faulty", "true")
                .fails();
    }

    private Programs.Result runWithin5Seconds(Path shim) {
        return Programs.run(
                        "ctr",
                        "--address",
                        daemon.address(),
                        "--namespace",
                        daemon.namespace(),
                        "--timeout",
                        "5s",
                        "run",
                        "--rm",
                        "--runtime",
                        shim.toString(),
                        IMAGE,
                        "faulty",
                        "true")
                .fails();
    }

    @Test
    void aShimThatFailsToStartIsQuoted() {
        assertThat(runWith(shim("failing", "echo it is broken >&2; exit 1")).err())
                .contains("it is broken")
                .contains(daemon.directory().resolve("failing").toString());
    }

    @Test
    void aShimThatPrintsGarbageIsRefused() {
        assertThat(runWith(shim("garbage", "echo '{{{ no address'")).err()).contains("no address");
        assertThat(runWith(shim("binary", "head -c 5000 /dev/urandom")).err()).contains("faulty");
        assertThat(runWith(shim("silent", "exit 0")).err()).contains("faulty");
    }

    @Test
    void aShimThatNeverStopsPrintingIsRefused() {
        assertThat(runWithin5Seconds(shim("endless", "exec yes")).err()).containsIgnoringCase("deadline");
    }

    @Test
    void aShimWithAnAddressWhereNobodyListensIsRefused() {
        Path socket = daemon.directory().resolve("nobody.sock");
        assertThat(runWith(shim("absent", "printf unix://" + socket)).err()).contains(socket.toString());
    }

    @Test
    void aShimThatHangsAtStartEndsWithTheCallsDeadline() {
        assertThat(runWithin5Seconds(shim("hanging", "sleep 1000")).err()).containsIgnoringCase("deadline");
    }

    @Test
    void anEngineThatFailsIsReported() {
        assertThat(daemon.ctr("run", "--rm", "--runc-binary", "/bin/false", IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .contains("failed to create shim task");
        assertThat(daemon.ctr("run", "--rm", "--runc-binary", "/no/such/engine", IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .contains("/no/such/engine");
        assertThat(daemon.ctr("run", "--rm", IMAGE, "faulty", "/no/such/program")
                        .fails()
                        .err())
                .contains("/no/such/program");
    }

    @Test
    void aShimKilledDuringAnExecIsCleanedUpAfter() throws IOException {
        daemon.ctr("run", "-d", "--null-io", IMAGE, "victim", "sleep", "1000").ok();
        Path output = daemon.directory().resolve("exec.out");
        Process exec = new ProcessBuilder(daemon.ctrCommand(
                        daemon.namespace(),
                        "tasks",
                        "exec",
                        "--exec-id",
                        "e",
                        "victim",
                        "sh",
                        "-c",
                        "echo inside; sleep 1000"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Programs.await("the exec to run", () -> text(output).contains("inside"));
            shimOf("victim").destroyForcibly();
            Programs.await(
                    "the task to be gone",
                    () -> daemon.ctr("tasks", "ls", "-q").ok().lines().isEmpty());
            Programs.await("the client of the exec to hear of it", () -> !exec.isAlive());
            assertThat(exec.exitValue()).isNotZero();
        } finally {
            exec.destroyForcibly().onExit().join();
        }
    }

    @Test
    void shimsKilledWhileExecsStartAreCleanedUpAfter() {
        for (int round = 0; round < Settings.count("shim.kills", 2); round++) {
            String id = "victim" + round;
            daemon.ctr("run", "-d", "--null-io", IMAGE, id, "sleep", "1000").ok();
            ProcessHandle shim = shimOf(id);
            List<Integer> exits = Gathering.of(4, number -> {
                if (number == 0) {
                    pause();
                    shim.destroyForcibly();
                    return 0;
                }
                return daemon.ctr("tasks", "exec", "--exec-id", "e" + number, id, "sleep", "1000")
                        .exit();
            });
            assertThat(exits.subList(1, 4)).doesNotContain(0);
            Programs.await(
                    "the task to be gone",
                    () -> daemon.ctr("tasks", "ls", "-q").ok().lines().isEmpty());
            daemon.ctr("containers", "rm", id).ok();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(150);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private ProcessHandle shimOf(String id) {
        return ProcessHandle.allProcesses()
                .filter(handle -> {
                    String line = handle.info().commandLine().orElse("");
                    return line.contains("containerd-shim")
                            && line.contains(daemon.address())
                            && line.contains("-id " + id);
                })
                .findFirst()
                .orElseThrow();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
