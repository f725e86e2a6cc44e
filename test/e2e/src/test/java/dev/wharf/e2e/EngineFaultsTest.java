package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wharf.core.error.WharfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines that hang, crash or are missing and configurations that are broken, below wharf's own shim: the client hears of
 * it in bounded time and in words, nothing stays, and a container beside them in the same shim does not notice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EngineFaultsTest {
    private static final String IMAGE = BusyboxImage.NAME;
    private static final String HANGS = "exec sleep 1000";
    private static final String CRASHES = "kill -SEGV $$";

    private Daemon daemon;
    private Neighbour neighbour;
    private Path engine;

    @BeforeAll
    void start() throws IOException {
        neighbour = Neighbour.moveIn("wharf-engines");
        daemon = neighbour.daemon();
        engine = Files.writeString(daemon.directory().resolve("engine"), """
                #!/bin/sh
                for word; do
                    [ ! -f "$0.$word" ] || . "$0.$word"
                done
                exec runc "$@"
                """);
        assertThat(engine.toFile().setExecutable(true)).isTrue();
    }

    @AfterAll
    void stop() {
        neighbour.close();
    }

    @AfterEach
    void nothingIsLeftButTheNeighbour() {
        neighbour.answers();
        repair();
        neighbour.isLeftAlone();
        Programs.await(
                "processes of engines to end",
                () -> daemon.processesBelow().stream().noneMatch(line -> line.contains(engine.toString())));
    }

    /** From now on the engine's command does this instead. */
    private void fault(String command, String script) {
        try {
            Files.writeString(engine.resolveSibling("engine." + command), script + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void repair() {
        try (Stream<Path> files = Files.list(daemon.directory())) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("engine.")) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Programs.Result run(String... program) {
        return ctr(
                "60s",
                Stream.concat(
                                Stream.of("run", "--rm", "--runc-binary", engine.toString(), IMAGE, "faulty"),
                                Arrays.stream(program))
                        .toArray(String[]::new));
    }

    private Programs.Result ctr(String limit, String... arguments) {
        return Programs.run(Stream.concat(
                        Stream.of(
                                "ctr",
                                "--address",
                                daemon.address(),
                                "--namespace",
                                daemon.namespace(),
                                "--timeout",
                                limit),
                        Arrays.stream(arguments))
                .toList());
    }

    private void background(String id) {
        daemon.ctr(
                        "run",
                        "-d",
                        "--null-io",
                        "--runc-binary",
                        engine.toString(),
                        IMAGE,
                        id,
                        "sh",
                        "-c",
                        "trap 'exit 3' TERM; while true; do sleep 0.1; done")
                .ok();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"create", "start"})
    void anEngineThatHangsInRunEndsWithTheCallsDeadline(String command) {
        fault(command, HANGS);
        assertThat(ctr("4s", "run", "--rm", "--runc-binary", engine.toString(), IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .containsIgnoringCase("deadline");
        assertThat(daemon.logText()).doesNotContain("might be leaked");
        neighbour.answers();
    }

    @Test
    void anEngineThatHangsInEverythingEndsWithTheCallsDeadline() {
        fault("--root", HANGS);
        fault("--version", HANGS);
        assertThat(ctr("4s", "run", "--rm", "--runc-binary", engine.toString(), IMAGE, "stuck", "true")
                        .fails()
                        .err())
                .containsIgnoringCase("deadline");
        neighbour.answers();
    }

    @Test
    void anEngineThatHangsOverARunningContainerEndsWithTheCallsDeadline() {
        background("held");
        fault("--root", HANGS);
        assertThat(ctr("3s", "tasks", "exec", "--exec-id", "e", "held", "true")
                        .fails()
                        .err())
                .containsIgnoringCase("deadline");
        assertThat(ctr("3s", "tasks", "pause", "held").fails().err()).containsIgnoringCase("deadline");
        neighbour.answers();
        // Signals go past the engine.
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", "held").ok();
        Programs.await(
                "the container to end",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(ctr("3s", "tasks", "rm", "held").fails().err()).containsIgnoringCase("deadline");
        repair();
        assertThat(daemon.ctr("tasks", "rm", "held").ok().err()).contains("exit code 3");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--root", "create", "start"})
    void anEngineThatCrashesInRunIsReported(String command) {
        fault(command, CRASHES);
        assertThat(run("true").fails().err())
                .contains("engine did not terminate successfully")
                .contains("SIGSEGV");
    }

    @Test
    void anEngineThatCrashesOverARunningContainerIsReported() {
        background("held");
        fault("--root", CRASHES);
        assertThat(ctr("60s", "tasks", "exec", "--exec-id", "e", "held", "true")
                        .fails()
                        .err())
                .contains("OCI runtime exec failed")
                .contains("SIGSEGV");
        assertThat(ctr("60s", "tasks", "pause", "held").fails().err())
                .contains("OCI runtime pause failed")
                .contains("SIGSEGV");
        assertThat(daemon.ctr("tasks", "ls").ok().out()).containsPattern("held\\s+\\d+\\s+RUNNING");
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", "held").ok();
        Programs.await(
                "the container to end",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(ctr("60s", "tasks", "rm", "held").fails().err()).contains("SIGSEGV");
        repair();
        assertThat(daemon.ctr("tasks", "rm", "held").ok().err()).contains("exit code 3");
    }

    /** What the process is found by is only the file of its pid: the shim dies before it has heard of it. */
    @Test
    void aProcessThatEndsUnseenByItsDyingShimEndsWithItsCode() {
        background("held");
        for (int round = 0; round < 3; round++) {
            fault("exec", "runc \"$@\"; status=$?; : > \"$0.ran\"; sleep 1; exit $status");
            List<Programs.Result> results = Gathering.of(
                    2,
                    number -> number == 0
                            ? killTheShimOnce("engine.ran")
                            : daemon.ctr("tasks", "exec", "--exec-id", "e", "held", "sh", "-c", "echo on; exit 38"));
            Programs.Result exec = results.get(1);
            assertThat(exec.exit()).as(exec + "\n" + daemon.logText()).isEqualTo(38);
            assertThat(exec.out()).isEqualTo("on\n");
            repair();
        }
        endHeld();
    }

    /** A process that was added and that nobody reaps keeps the first one from ending. */
    @Test
    void aContainerWhoseShimDiedEndsWithAllOfItsProcesses() {
        background("held");
        daemon.ctr("tasks", "exec", "-d", "--exec-id", "e", "held", "sleep", "1000")
                .ok();
        daemon.shim().orElseThrow().destroyForcibly();
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "f", "held", "sh", "-c", "exit 38")
                        .exit())
                .isEqualTo(38);
        endHeld();
    }

    private void endHeld() {
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", "held").ok();
        Programs.await(
                "the container to end",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "rm", "held").ok().err()).contains("exit code 3");
    }

    private Programs.Result killTheShimOnce(String file) {
        Programs.await(file + " to be there", () -> Files.exists(engine.resolveSibling(file)));
        daemon.shim().orElseThrow().destroyForcibly();
        return new Programs.Result(List.of(), 0, "", "");
    }

    @Test
    void anEngineThatFloodsItsOutputIsReported() {
        fault("create", "yes 'too many words' | head -c 1000000 >&2; exit 4");
        assertThat(run("true").fails().err()).contains("exit status 4");
    }

    @Test
    void anEngineThatIsMissingIsNamed() {
        assertThat(ctr("60s", "run", "--rm", "--runc-binary", "/no/such/engine", IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .contains("/no/such/engine")
                .contains("no such file");
        assertThat(ctr("60s", "run", "--rm", "--runc-binary", "no-such-engine", IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .contains("no-such-engine")
                .contains("executable file not found in $PATH");
        assertThat(ctr("60s", "run", "--rm", "--runc-binary", daemon.directory().toString(), IMAGE, "faulty", "true")
                        .fails()
                        .err())
                .containsIgnoringCase("permission denied");
    }

    @Test
    void anEngineThatVanishesUnderARunningContainerIsNamed() throws IOException {
        background("held");
        Path away = engine.resolveSibling("away");
        Files.move(engine, away);
        try {
            assertThat(ctr("60s", "tasks", "exec", "--exec-id", "e", "held", "true")
                            .fails()
                            .err())
                    .contains(engine.toString())
                    .contains("no such file");
            daemon.ctr("tasks", "kill", "-s", "SIGTERM", "held").ok();
            Programs.await(
                    "the container to end",
                    () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
            assertThat(ctr("60s", "tasks", "rm", "held").fails().err()).contains(engine.toString());
        } finally {
            Files.move(away, engine);
        }
        assertThat(daemon.ctr("tasks", "rm", "held").ok().err()).contains("exit code 3");
    }

    @Test
    void aBrokenConfigurationIsReported() {
        assertThat(refusal(spec -> "this is no JSON")).contains("spec is no JSON");
        assertThat(refusal(spec -> "")).isNotEmpty();
        assertThat(refusal(spec -> spec.substring(0, spec.length() / 2))).isNotEmpty();
        assertThat(refusal(spec -> "[1, 2, 3]")).isNotEmpty();
        assertThat(refusal(spec -> "{}")).isNotEmpty();
        assertThat(refusal(spec -> spec.replace("\"args\":[\"true\"]", "\"args\":[]")))
                .contains("args");
        assertThat(refusal(spec -> spec.replace("\"args\":[\"true\"]", "\"args\":" + "[".repeat(100_000))))
                .isNotEmpty();
        assertThat(refusal(spec -> spec.replace("\"path\":\"rootfs\"", "\"path\":\"nowhere\"")))
                .contains("nowhere");
    }

    /** What the client is told when a task is made of a container of a changed specification. */
    private String refusal(UnaryOperator<String> change) {
        ContainerSpecs specs = new ContainerSpecs(daemon);
        daemon.ctr("containers", "create", IMAGE, "broken", "true").ok();
        specs.change("broken", change);
        String error = String.valueOf(catchThrowableOfType(WharfException.class, () -> specs.makeTask("broken"))
                .getMessage());
        neighbour.answers();
        daemon.ctr("containers", "rm", "broken").ok();
        return error;
    }

    @Test
    void aConfigurationThatBreaksUnderARunningContainerIsNotMissed() throws IOException {
        background("held");
        Path config = daemon.state()
                .resolve("io.containerd.runtime.v2.task")
                .resolve(daemon.namespace())
                .resolve("held/config.json");
        Files.writeString(config, "this is no JSON");
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "e", "held", "echo", "fine")
                        .ok()
                        .out())
                .isEqualTo("fine\n");
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", "held").ok();
        Programs.await(
                "the container to end",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "rm", "held").ok().err()).contains("exit code 3");
    }
}
