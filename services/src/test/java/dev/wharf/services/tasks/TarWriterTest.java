package dev.wharf.services.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.WharfException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarWriterTest {
    @TempDir
    private Path temporary;

    private byte[] archive(Path root) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        new TarWriter(buffer -> copy(buffer, all)).directory(root);
        return all.toByteArray();
    }

    private static void copy(ByteBuffer buffer, ByteArrayOutputStream to) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        to.writeBytes(bytes);
    }

    private Path made() throws Exception {
        return Files.createDirectory(temporary.resolve("from"));
    }

    @Test
    void tarUnpacksTheSameFiles() throws Exception {
        Path from = made();
        Random random = new Random(3);
        for (int size : new int[] {0, 1, 511, 512, 513, 3 << 20}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Files.write(from.resolve("file" + size), bytes);
        }
        Files.createDirectories(from.resolve("a/b"));
        Files.writeString(from.resolve("a/b/f"), "x");
        Files.setPosixFilePermissions(from.resolve("file1"), PosixFilePermissions.fromString("rwxr-x--x"));
        Path file = Files.write(temporary.resolve("archive"), archive(from));
        Path to = Files.createDirectory(temporary.resolve("to"));

        run("tar", "-xpf", file.toString(), "-C", to.toString());

        run("diff", "-r", from.toString(), to.toString());
        assertThat(Files.getPosixFilePermissions(to.resolve("file1")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x--x"));
        assertThat(Files.getLastModifiedTime(to.resolve("a/b/f")).toMillis() / 1000)
                .isEqualTo(Files.getLastModifiedTime(from.resolve("a/b/f")).toMillis() / 1000);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void archiveOfNothingIsTwoBlocks() throws Exception {
        assertThat(archive(made())).isEqualTo(new byte[1024]);
    }

    @Test
    void nameThatDoesNotFitIsRefused() throws Exception {
        Path from = made();
        Files.writeString(from.resolve("n".repeat(101)), "");

        assertThatThrownBy(() -> archive(from))
                .isInstanceOf(WharfException.class)
                .hasMessageEndingWith("out of range");
    }

    @Test
    void linksAreLeftOut() throws Exception {
        Path from = made();
        Files.createSymbolicLink(from.resolve("link"), from.resolve("nothing"));

        assertThat(archive(from)).isEqualTo(new byte[1024]);
    }
}
