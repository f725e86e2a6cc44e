package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Containers of wharf's own shim that take what they can get: endless output to where there is no room for it, and
 * endless processes. The shim takes no memory for them, and a container beside them does not notice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UnboundedContainersTest {
    private static final String IMAGE = BusyboxImage.NAME;
    private static final int KILLED = 137;

    /** More than any pipe holds, and far less than what a container has written meanwhile. */
    private static final int SOME = 4 << 20;

    /** Mebibytes by which a shim may grow while it serves a few calls. */
    private static final long GROWTH = 32;

    private static final int LEAST_LOOKS = 5;

    private Daemon daemon;
    private Neighbour neighbour;

    @BeforeAll
    void start() {
        neighbour = Neighbour.moveIn("wharf-unbounded");
        daemon = neighbour.daemon();
        for (int call = 0; call < LEAST_LOOKS; call++) {
            neighbour.answers();
        }
    }

    @AfterAll
    void stop() {
        neighbour.close();
    }

    @AfterEach
    void theNeighbourAnswersAlone() {
        neighbour.answers();
        neighbour.isLeftAlone();
    }

    private long shimMebibytes() {
        return Footprint.of(daemon.shim().orElseThrow().pid()).rssMebibytes();
    }

    /** The neighbour answers several times, while the shim does not grow. */
    private void nobodyNotices(long mebibytesBefore) {
        for (int look = 0; look < LEAST_LOOKS; look++) {
            neighbour.answers();
        }
        assertThat(shimMebibytes()).isLessThan(mebibytesBefore + GROWTH);
        assertThat(daemon.ctr("tasks", "ls").ok().out()).doesNotContain("STOPPED");
    }

    private void kill(String id) {
        daemon.ctr("tasks", "kill", "-s", "SIGKILL", id).ok();
        Programs.await(
                id + " to end", () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "rm", id).ok().err()).contains("exit code " + KILLED);
        daemon.ctr("containers", "rm", id).ok();
    }

    @Test
    void aLogWithoutRoomStopsNobody() throws IOException {
        Path small = Files.createDirectory(daemon.directory().resolve("small"));
        Programs.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString())
                .ok();
        try {
            Path log = small.resolve("log");
            long before = shimMebibytes();
            String script = "while true; do echo 0123456789012345678901234567890123456789; done 2>/dev/null";
            daemon.ctr("run", "-d", "--log-uri", "file://" + log, IMAGE, "writer", "sh", "-c", script)
                    .ok();
            Programs.await("the log to be full", () -> size(log) == 1 << 20);
            nobodyNotices(before);
            kill("writer");
            assertThat(size(log)).isEqualTo(1 << 20);
        } finally {
            Programs.run("umount", small.toString()).ok();
        }
    }

    @Test
    void aLoggerThatDoesNotReadStopsNobody() throws IOException {
        Path logger = Files.writeString(
                daemon.directory().resolve("logger"),
                "#!/bin/sh\nexec 5>&-\ntrap 'exit 0' TERM\nwhile :; do sleep 1; done\n");
        assertThat(logger.toFile().setExecutable(true)).isTrue();
        long before = shimMebibytes();
        daemon.ctr("run", "-d", "--log-uri", "binary://" + logger, IMAGE, "writer", "yes")
                .ok();
        nobodyNotices(before);
        kill("writer");
    }

    @Test
    void aReaderThatStoppedStopsItsContainerOnly() throws IOException {
        Path fifos = Files.createDirectory(daemon.directory().resolve("fifos"));
        long before = shimMebibytes();
        daemon.ctr("run", "-d", "--fifo-dir", fifos.toString(), IMAGE, "writer", "yes")
                .ok();
        stopsAndGoesOn(fifos, before, "y\n");
        kill("writer");
    }

    @Test
    void aTerminalNobodyReadsStopsItsContainerOnly() throws IOException {
        Path fifos = Files.createDirectory(daemon.directory().resolve("terminal"));
        long before = shimMebibytes();
        Programs.run(Programs.inTerminal(daemon.ctrCommand(
                        daemon.namespace(), "run", "-d", "-t", "--fifo-dir", fifos.toString(), IMAGE, "writer", "yes")))
                .ok();
        stopsAndGoesOn(fifos, before, "y\r\n");
        kill("writer");
    }

    /** A reader takes some, leaves the rest for a while, and then finds it complete. */
    private void stopsAndGoesOn(Path fifos, long before, String line) throws IOException {
        try (InputStream reader = Files.newInputStream(Fifos.find(fifos, "stdout"))) {
            byte[] first = reader.readNBytes(SOME);
            nobodyNotices(before);
            byte[] rest = reader.readNBytes(SOME);
            assertThat(String.valueOf((char) first[0])).isIn("y", "\r", "\n");
            assertThat(isRepeated(first, rest, line)).isTrue();
        }
    }

    private static boolean isRepeated(byte[] first, byte[] rest, String line) {
        int start = line.indexOf(first[0]);
        for (int at = 0; at < first.length + rest.length; at++) {
            byte found = at < first.length ? first[at] : rest[at - first.length];
            if (found != line.charAt((start + at) % line.length())) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aTerminalThatIsReadStopsNobody() throws Exception {
        long before = shimMebibytes();
        List<String> command =
                Programs.inTerminal(daemon.ctrCommand(daemon.namespace(), "run", "-t", IMAGE, "writer", "yes"));
        Process client = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Programs.await(
                    "the writer to run",
                    () -> daemon.ctr("tasks", "ls").ok().out().contains("writer"));
            nobodyNotices(before);
            daemon.ctr("tasks", "kill", "-s", "SIGKILL", "writer").ok();
            Programs.await("the client to hear of it", () -> !client.isAlive());
            assertThat(client.exitValue()).isEqualTo(KILLED);
            daemon.ctr("containers", "rm", "writer").ok();
        } finally {
            client.destroyForcibly().onExit().join();
        }
    }

    @Test
    void aForkBombStaysInItsLimit() {
        String bomb = "BOMB='BEGIN { while (1) system(\"awk \\\"$BOMB\\\" &\") }'; export BOMB; exec awk \"$BOMB\"";
        daemon.ctr("containers", "create", "--", IMAGE, "bomb", "sh", "-c", bomb)
                .ok();
        new ContainerSpecs(daemon)
                .change("bomb", spec -> spec.replace("\"resources\":{", "\"resources\":{\"pids\":{\"limit\":30},"));
        long before = shimMebibytes();
        daemon.ctr("tasks", "start", "-d", "--null-io", "bomb").ok();
        Programs.await("the bomb to reach its limit", () -> pidsOf("bomb") >= 25);
        nobodyNotices(before);
        assertThat(pidsOf("bomb")).isBetween(2, 30);
        // There may be no room for another process; but an answer there is.
        daemon.ctr("tasks", "exec", "--exec-id", "late", "bomb", "true");
        kill("bomb");
    }

    private int pidsOf(String id) {
        return daemon.ctr("tasks", "ps", id).ok().lines().size() - 1;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
