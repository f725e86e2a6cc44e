package dev.wharf.plugins.content.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.oci.Digest;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.linux.Signal;
import dev.wharf.testkit.content.TestBytes;
import dev.wharf.testkit.dirs.TempDirs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A writer is killed at any moment: what it said is committed is there, and whatever is there is whole. */
class KilledWriterTest {
    private static final int ROUNDS = 6;

    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final Path root = dirs.root().resolve("content");
    private final Random random = new Random(42);

    @Test
    void whatWasCommittedIsThereAndAllThatIsThereIsWhole() throws Exception {
        List<Digest> committed = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            committed.addAll(writeUntilKilled(round * 1000));
            LocalContentStore store = LocalContentStore.open(root, InstantSource.system());
            checkAll(store, committed);
            finishIngests(store);
        }
        assertThat(committed).isNotEmpty();
    }

    private List<Digest> writeUntilKilled(int firstSeed) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusyWriter.class.getName(),
                        root.toString(),
                        Integer.toString(firstSeed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Digest> committed = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            committed.add(Digest.parse(lines.readLine()));
            Thread.sleep(random.nextInt(300));
            Processes.kill(Math.toIntExact(process.pid()), Signal.SIGKILL.number());
            lines.lines().filter(line -> line.length() == 71).map(Digest::parse).forEach(committed::add);
        } finally {
            process.destroyForcibly().waitFor();
        }
        return committed;
    }

    private static void checkAll(LocalContentStore store, List<Digest> committed) {
        List<Digest> there = new ArrayList<>();
        store.walk(there::add);
        assertThat(there).containsAll(committed);
        for (Digest digest : there) {
            assertThat(Digest.sha256(TestBytes.readAll(store.open(digest)))).isEqualTo(digest);
        }
    }

    private static void finishIngests(LocalContentStore store) {
        for (IngestStatus left : store.statuses()) {
            TestBytes data = TestBytes.of(300_000, Long.parseLong(left.ref().substring("ref-".length())));
            try (ContentWriter writer = store.writer(left.ref(), data.size(), data.digest())) {
                writer.write(data.buffer((int) writer.status().offset(), data.size()));
                writer.commit(data.size(), data.digest(), Map.of());
            }
            assertThat(TestBytes.readAll(store.open(data.digest()))).isEqualTo(data.bytes());
        }
        assertThat(store.statuses()).isEmpty();
    }
}
