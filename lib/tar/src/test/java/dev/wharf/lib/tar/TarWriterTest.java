package dev.wharf.lib.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarWriterTest {
    private static final Instant THEN = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

    private static TarEntry entry(String name, TarType type, String link, long size, Instant time, int uid) {
        return new TarEntry(
                name, type, link, 04751, uid, 7, size, List.of(new Segment(0, size)), time, time, 0, 0, Map.of());
    }

    private static TarEntry file(String name, long size) {
        return entry(name, TarType.REGULAR, "", size, THEN, 5);
    }

    private static TarEntry readBack(TarEntry written) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(out);
        writer.entry(written);
        writer.content(new byte[(int) written.size()], 0, (int) written.size());
        writer.finish();
        assertThat(out.size() % 512).isZero();
        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()), TarBounds.DEFAULT);
        TarEntry entry = reader.next();
        assertThat(reader.next()).isNull();
        return java.util.Objects.requireNonNull(entry);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        for (TarEntry entry : List.of(
                file("plain", 3),
                file("n".repeat(99) + "/" + "o".repeat(300), 513),
                file("Größe", 0),
                file("bytes \udcff\udcfe", 512),
                entry("d/", TarType.DIRECTORY, "", 0, Instant.ofEpochSecond(12), 5),
                entry("l", TarType.SYMLINK, "t".repeat(200), 0, Instant.ofEpochSecond(-5, 250_000_000), 5),
                entry("old", TarType.FIFO, "", 0, Instant.ofEpochSecond(-7), -2),
                entry("late", TarType.HARD_LINK, "plain", 0, Instant.ofEpochSecond(1L << 34), 1 << 30))) {
            TarEntry read = readBack(entry);
            assertThat(read).usingRecursiveComparison().ignoringFields("xattrs").isEqualTo(entry);
        }
    }

    @Test
    void attributesAndDevicesAreKept() throws IOException {
        byte[] capability = {1, 0, 0, 2, -1, 0, 10, 0};
        TarEntry written = new TarEntry(
                "c",
                TarType.CHARACTER_DEVICE,
                "",
                0600,
                0,
                0,
                0,
                List.of(new Segment(0, 0)),
                THEN,
                THEN,
                4095,
                1048575,
                Map.of("security.capability", capability, "user.x", new byte[300]));

        TarEntry read = readBack(written);

        assertThat(read.deviceMajor()).isEqualTo(4095);
        assertThat(read.deviceMinor()).isEqualTo(1048575);
        assertThat(read.xattrs().get("security.capability")).isEqualTo(capability);
        assertThat(read.xattrs().get("user.x")).hasSize(300);
    }

    @Test
    void contentMustBeAsLongAsItsEntrySays() throws IOException {
        TarWriter writer = new TarWriter(new ByteArrayOutputStream());
        writer.entry(file("x", 2));
        writer.content(new byte[1], 0, 1);
        assertThatThrownBy(() -> writer.content(new byte[2], 0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void otherProgramsReadIt(@TempDir Path directory) throws Exception {
        Path archive = directory.resolve("a.tar");
        try (var out = Files.newOutputStream(archive)) {
            TarWriter writer = new TarWriter(out);
            writer.entry(file("n".repeat(150), 6));
            writer.content("hello\n".getBytes(StandardCharsets.UTF_8), 0, 6);
            writer.entry(entry("link", TarType.SYMLINK, "Ä", 0, THEN, 5));
            writer.finish();
        }
        Process tar = new ProcessBuilder("tar", "--full-time", "--numeric-owner", "-tvf", archive.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("list").toFile())
                .start();
        assertThat(tar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("list"))
                .content()
                .contains("-rwsr-x--x 5/7", "n".repeat(150), "lrwsr-x--x 5/7", ".123456789")
                .contains("link -> ");
        assertThat(tar.exitValue()).isZero();
    }
}
