package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A subscriber that does not read its events costs a bounded amount of memory, and nobody else their events. */
final class SlowSubscriberTest {
    /** What is published before the reader has to have it: less than the daemon keeps for one that is behind. */
    private static final int BATCH_BYTES = 4 << 20;

    private Daemon daemon;

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-events");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @ParameterizedTest(name = "{0} events of {1} bytes")
    @CsvSource({"20000, 500", "3000, 200000"})
    void whoReadsGetsEverythingWhileAnotherDoesNotRead(int defaultEvents, int bytes) throws IOException {
        int events = defaultEvents * Settings.count("events.factor", 1);
        int batch = Math.min(500, BATCH_BYTES / bytes);
        Process slow = subscribe("slow");
        Process reader = subscribe("reader");
        try (RawTtrpc publisher = new RawTtrpc(daemon)) {
            publish(publisher, 0, batch, bytes);
            awaitLines("reader", batch);
            awaitLines("slow", batch);
            Programs.run("kill", "-STOP", String.valueOf(slow.pid())).ok();
            for (int sent = batch; sent < events; sent += batch) {
                publish(publisher, sent, batch, bytes);
                awaitLines("reader", sent + batch);
            }
            // The launcher bounds the heap; that events do not use it up shows in the calls below.
            assertThat(Footprint.of(daemon.pid()).rssMebibytes()).isLessThan(450);
            assertThat(daemon.ctr("version").exit()).isZero();
            Programs.run("kill", "-CONT", String.valueOf(slow.pid())).ok();
        } finally {
            slow.destroyForcibly().onExit().join();
            reader.destroyForcibly().onExit().join();
        }
        assertThat(daemon.logText()).doesNotContain("OutOfMemory");
    }

    private Process subscribe(String name) throws IOException {
        Process process = new ProcessBuilder(daemon.ctrCommand(daemon.namespace(), "events"))
                .redirectOutput(seen(name).toFile())
                .redirectError(daemon.directory().resolve(name + ".err").toFile())
                .start();
        try (RawTtrpc publisher = new RawTtrpc(daemon)) {
            Programs.await("the subscription", () -> {
                publish(publisher, -1, 1, 1);
                return size(name) > 0;
            });
        }
        return process;
    }

    private Path seen(String name) {
        return daemon.directory().resolve(name + ".events");
    }

    private long size(String name) {
        try {
            return Files.size(seen(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLines(String name, int last) {
        String wanted = "event-" + (last - 1) + "-";
        Programs.await("event " + last + " to reach " + name, () -> endsWith(name, wanted));
    }

    /** Whether the wanted event is among the last ones a subscriber wrote. */
    private boolean endsWith(String name, String wanted) {
        try (RandomAccessFile file = new RandomAccessFile(seen(name).toFile(), "r")) {
            long tail = Math.min(file.length(), 300_000);
            file.seek(file.length() - tail);
            byte[] end = new byte[(int) tail];
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8).contains(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void publish(RawTtrpc publisher, int first, int count, int bytes) {
        for (int i = first; i < first + count; i++) {
            ProtoWriter oom = new ProtoWriter().text(1, "event-" + i + "-" + "x".repeat(bytes));
            ProtoWriter any =
                    new ProtoWriter().text(1, "containerd.events.TaskOOM").message(2, oom);
            ProtoWriter envelope = new ProtoWriter()
                    .message(1, new ProtoWriter().number(1, 1_700_000_000))
                    .text(2, daemon.namespace())
                    .text(3, "/tasks/oom")
                    .message(4, any);
            publisher.call(
                    "containerd.services.events.ttrpc.v1.Events",
                    "Forward",
                    new ProtoWriter().message(1, envelope).toBytes(),
                    daemon.namespace());
        }
    }
}
