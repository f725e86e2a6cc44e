package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void childEndsWithItsExitCode() {
        try (Child child = Spawn.command("sh", "-c", "exit 7").start()) {
            assertThat(child.waitFor(LONG)).contains(new ExitStatus.Exited(7));
            assertThat(child.poll()).contains(new ExitStatus.Exited(7));
        }
    }

    @Test
    void killedChildTellsItsSignal() {
        try (Child child = Spawn.command("sleep", "100").start()) {
            assertThat(child.poll()).isEmpty();
            assertThat(child.waitFor(Duration.ofMillis(20))).isEmpty();
            child.kill(Signal.SIGTERM);
            assertThat(child.waitFor(LONG)).contains(new ExitStatus.Killed(15, false));
            child.kill(Signal.SIGTERM);
        }
    }

    @Test
    void missingProgramAndDirectoryFailAtStart() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Spawn.command("/no/such/program").start())
                .withMessage("start /no/such/program: ENOENT: No such file or directory");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Spawn.command("no-such-program").start())
                .withMessageContaining("not found in PATH");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() ->
                        Spawn.command("true").directory(Path.of("/no/dir")).start())
                .withMessageContaining("in /no/dir");
    }

    @Test
    void childOpensFilesItself() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "begin ");
        try (Child child = Spawn.command("sh", "-c", "echo out; echo err >&2; echo five >&5")
                .open(1, file, OpenFlags.O_WRONLY | OpenFlags.O_APPEND)
                .open(2, file, OpenFlags.O_WRONLY | OpenFlags.O_APPEND)
                .open(5, file, OpenFlags.O_WRONLY | OpenFlags.O_APPEND)
                .start()) {
            assertThat(child.waitFor(LONG)).contains(new ExitStatus.Exited(0));
        }
        assertThat(file).hasContent("begin out\nerr\nfive\n");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Spawn.command("true")
                        .open(1, dir.resolve("nothing"), OpenFlags.O_WRONLY)
                        .start())
                .withMessageContaining("ENOENT");
    }

    @Test
    void childHasTheEnvironmentAndDirectoryGivenAndNothingElse() throws IOException {
        CommandResult result = Command.run(
                Spawn.command("/usr/bin/env", "sh", "-c", "pwd; /usr/bin/env")
                        .directory(dir)
                        .environment(Map.of("ONE", "ä=1", "PATH", "/usr/bin:/bin")),
                new byte[0],
                LONG,
                10_000);
        assertThat(result.stdoutText().lines())
                .contains(dir.toRealPath().toString(), "ONE=ä=1")
                .noneMatch(line -> line.startsWith("HOME="));
    }

    @Test
    void childHasOnlyTheDescriptorsGiven() throws IOException {
        try (Pipe pipe = Pipe.create();
                Fd notCloseOnExec = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDONLY)) {
            Fcntl.setCloseOnExec(notCloseOnExec, false);
            CommandResult result = Command.run(
                    Spawn.command("sh", "-c", "ls /proc/$$/fd; echo through >&5")
                            .fd(5, pipe.writer()),
                    new byte[0],
                    LONG,
                    10_000);
            assertThat(result.stdoutText().lines()).containsExactly("0", "1", "2", "5");
            byte[] buffer = new byte[100];
            int count = FileIo.read(pipe.reader(), buffer, 0, buffer.length);
            assertThat(new String(buffer, 0, count, StandardCharsets.UTF_8)).isEqualTo("through\n");
        }
    }

    @Test
    void descriptorsCanBeExchanged() throws IOException {
        try (Fd a = Fd.open(dir.resolve("a"), OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600);
                Fd b = Fd.open(dir.resolve("b"), OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600)) {
            int low = Math.min(a.number(), b.number());
            int high = Math.max(a.number(), b.number());
            String script = "echo low >&" + low + "; echo high >&" + high;
            Fd first = a.number() == low ? b : a;
            Fd second = first == a ? b : a;
            try (Child child = Spawn.command("bash", "-c", script)
                    .fd(low, first)
                    .fd(high, second)
                    .start()) {
                assertThat(child.waitFor(LONG)).contains(new ExitStatus.Exited(0));
            }
            assertThat(first == a ? dir.resolve("a") : dir.resolve("b")).hasContent("low");
            assertThat(second == a ? dir.resolve("a") : dir.resolve("b")).hasContent("high");
        }
    }

    @Test
    void childIsInItsOwnGroupOrSession() {
        assertThat(groupAndSession(Spawn.command("sleep", "100").newProcessGroup()))
                .matches("(\\d+) \\1 \\d+ other");
        assertThat(groupAndSession(Spawn.command("sleep", "100").newSession())).matches("(\\d+) \\1 \\1 own");
    }

    private static String groupAndSession(Spawn spawn) {
        try (Child child = spawn.start()) {
            try {
                String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                String session = fields[3];
                String whose = session.equals("" + child.pid()) ? "own" : "other";
                return child.pid() + " " + fields[2] + " " + session + " " + whose;
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                child.kill(Signal.SIGKILL);
                assertThat(child.waitFor(LONG)).isPresent();
            }
        }
    }

    @Test
    void childHandlesSignalsByDefault() {
        CommandResult result =
                Command.run(List.of("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"), new byte[0], LONG, 1000);
        assertThat(result.stdoutText().lines()).allMatch(line -> line.endsWith("0000000000000000"));
    }

    @Test
    void commandGetsItsInputAndGivesItsOutput() {
        byte[] input = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        CommandResult result = Command.run(List.of("sh", "-c", "cat; echo done >&2"), input, LONG, 2_000_000);
        assertThat(result.success()).isTrue();
        assertThat(result.stdout()).isEqualTo(input);
        assertThat(result.stderrText()).isEqualTo("done\n");
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void commandThatDoesNotReadItsInputSucceeds() {
        assertThat(Command.run(List.of("true"), new byte[1_000_000], LONG, 10).success())
                .isTrue();
    }

    @Test
    void outputIsBounded() {
        CommandResult result =
                Command.run(List.of("sh", "-c", "head -c 3000000 /dev/zero; exit 3"), new byte[0], LONG, 1000);
        assertThat(result.stdout()).hasSize(1000);
        assertThat(result.truncated()).isTrue();
        assertThat(result.exit()).isEqualTo(new ExitStatus.Exited(3));
    }

    @Test
    void timeoutKillsTheWholeGroup() {
        CommandResult result = Command.run(
                List.of("sh", "-c", "sleep 100 & echo $!; wait"), new byte[0], Duration.ofMillis(500), 1000);
        assertThat(result.timedOut()).isTrue();
        assertThat(result.exit()).isEqualTo(new ExitStatus.Killed(9, false));
        assertThat(isRunning(Integer.parseInt(result.stdoutText().strip()))).isFalse();
    }

    @Test
    void commandRunsFromVirtualThread() throws InterruptedException {
        AtomicReference<String> output = new AtomicReference<>("");
        Thread.ofVirtual()
                .start(() -> output.set(Command.run(List.of("echo", "virtual"), new byte[0], LONG, 100)
                        .stdoutText()))
                .join();
        assertThat(output).hasValue("virtual\n");
    }

    /** A killed process that its new parent has not reaped yet counts as ended. */
    private static boolean isRunning(int pid) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            return !pidfd.awaitEnd(LONG);
        } catch (ErrnoException e) {
            return !e.is(Errno.ESRCH);
        }
    }
}
