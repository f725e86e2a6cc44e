package dev.wharf.plugins.metadata.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.dirs.TempDirs;
import dev.wharf.testkit.events.RecordingEventBus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that writes is killed at random moments; what it was told to be durable must be there. */
class CrashTest {
    private static final int ROUNDS = 6;

    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final Path file = dirs.root().resolve("wharf.db");
    private final Set<String> acknowledged = new HashSet<>();

    @Test
    void everyAcknowledgedWriteOutlivesAKill() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < ROUNDS; round++) {
            writeAndKill(round, 1 + random.nextInt(400));
            check();
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    private void writeAndKill(int round, int after) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWriter.class.getName(),
                        file.toString(),
                        "r" + round)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = child.inputReader()) {
            String line;
            for (int seen = 0; (line = out.readLine()) != null; seen++) {
                acknowledged.add(line);
                if (seen == after) {
                    // By its handle, because the process itself would close the pipe, and with it what was
                    // acknowledged.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as("killed, not ended by itself").isEqualTo(128 + 9);
    }

    private void check() {
        SettableClock clock = new SettableClock();
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            SqliteContainerStore containers = new SqliteContainerStore(database, new RecordingEventBus(clock), clock);
            List<Container> found = containers.list(MetadataFixture.CTX, List.of());
            assertThat(found).extracting(Container::id).containsAll(acknowledged);
            // Row and edges come in one transaction: none is without the other.
            long edges = database.read(session ->
                    session.number("SELECT count(*) FROM edges WHERE from_type = 'root' AND to_type = 'container'"));
            assertThat(edges).isEqualTo(found.size());
        }
    }
}
