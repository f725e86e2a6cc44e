package dev.wharf.core.transfer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TarReaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax", "ustar"})
    void archivesOfTarAreRead(String format) throws Exception {
        String longName = format.equals("ustar") ? "d/" + "n".repeat(90) : "d/" + "n".repeat(180);

        Map<String, String> read = read(archive(format, longName));

        assertThat(read)
                .containsEntry("d", "5:")
                .containsEntry("d/a", "0:hello")
                .containsEntry("d/link", "2:a")
                .containsEntry(longName, "0:long");
    }

    @Test
    void entriesMayBeSkipped() throws Exception {
        TarReader tar = new TarReader(new ByteArrayInputStream(archive("gnu", "d/x")));
        int count = 0;
        while (tar.next() != null) {
            count++;
        }

        assertThat(count).isEqualTo(4);
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        byte[] noise = new byte[2048];
        new Random(1).nextBytes(noise);

        assertThatThrownBy(() -> read(noise)).isInstanceOf(IOException.class).hasMessageContaining("tar archive");
    }

    @Test
    void damagedArchivesEndOrFailButNeverRunOn() throws Exception {
        byte[] good = archive("pax", "d/" + "n".repeat(180));
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int j = 0; j < 4; j++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(read(bad).size()).isLessThan(100);
            } catch (IOException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    private byte[] archive(String format, String longName) throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.createDirectory(root.resolve("d"));
        Files.writeString(root.resolve("d/a"), "hello");
        Files.createSymbolicLink(root.resolve("d/link"), Path.of("a"));
        Files.writeString(root.resolve(longName), "long");
        Path tar = root.resolveSibling("archive.tar");
        Process process = new ProcessBuilder(
                        "tar", "--format=" + format, "--sort=name", "-C", root.toString(), "-cf", tar.toString(), "d")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return Files.readAllBytes(tar);
    }

    private static Map<String, String> read(byte[] archive) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(archive));
        Map<String, String> entries = new LinkedHashMap<>();
        for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
            String data = entry.isFile() ? new String(tar.data().readAllBytes(), StandardCharsets.UTF_8) : entry.link();
            entries.put(entry.name(), (entry.type() == '\0' ? '0' : entry.type()) + ":" + data);
        }
        return entries;
    }
}
