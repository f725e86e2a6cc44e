package dev.wharf.shim.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

final class LogsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    @Test
    void aLineCannotBeForged() {
        assertThat(LogText.line(CLOCK.instant(), Level.WARN, "a \"b\"\nlevel=error\u001b", ""))
                .isEqualTo("time=\"2026-01-02T03:04:05Z\" level=warning msg=\"a \\\"b\\\"\\nlevel=error?\"\n");
    }

    @Test
    void aFullFileMakesRoomByTheOneBefore() throws IOException {
        Path path = directory.resolve("log");
        LogFile file = new LogFile(path);
        String line = "x".repeat(1023) + "\n";
        for (int i = 0; i < 3000; i++) {
            file.write(line);
        }

        assertThat(Files.size(path)).isLessThanOrEqualTo(1 << 20);
        assertThat(Files.size(directory.resolve("log.1"))).isEqualTo(1 << 20);
    }

    @Test
    void aBundlesLogWaitsForItsReaderAndDropsWhatFindsNoRoom() throws IOException {
        Path fifo = directory.resolve("log");
        Fifo.create(fifo, 0600);
        try (FifoLog log = FifoLog.open(directory, "io.containerd.x.v1", false, CLOCK)) {
            for (int i = 0; i < 10_000; i++) {
                log.info("number " + i);
            }
            log.debug("not asked for");
            byte[] read = new byte[1 << 16];
            try (Fd reader = Fifo.openReader(fifo)) {
                int length = FileIo.read(reader, read, 0, read.length);
                assertThat(new String(read, 0, length, StandardCharsets.UTF_8))
                        .startsWith("time=\"2026-01-02T03:04:05Z\" level=info msg=\"number 0\" "
                                + "runtime=\"io.containerd.x.v1\" bundle=")
                        .doesNotContain("not asked for");
            }
        }
    }
}
