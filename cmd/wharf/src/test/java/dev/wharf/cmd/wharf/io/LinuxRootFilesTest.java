package dev.wharf.cmd.wharf.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.mount.Mount;
import dev.wharf.testkit.dirs.TempDirs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mounts for real, as root. */
final class LinuxRootFilesTest {
    private final TempDirs dirs = TempDirs.create();

    @AfterEach
    void nothingIsLeft() {
        assertThat(dirs.mounts()).isEmpty();
        dirs.close();
    }

    @Test
    void filesOfAnOverlayAreReadWithTheUpperFirst() throws IOException {
        Path lower = dirs.directory("lower");
        Path upper = dirs.directory("upper");
        write(lower.resolve("a"), "below");
        write(lower.resolve("b"), "below");
        write(upper.resolve("a"), "above");
        Mount overlay = Mount.of(
                "overlay",
                "overlay",
                List.of("workdir=" + dirs.directory("work"), "upperdir=" + upper, "lowerdir=" + lower));

        Map<String, byte[]> files = new LinuxRootFiles().read(List.of(overlay), List.of("/a", "/b", "/c"));

        assertThat(files).containsOnlyKeys("/a", "/b");
        assertThat(text(files, "/a")).isEqualTo("above");
        assertThat(text(files, "/b")).isEqualTo("below");
    }

    @Test
    void noLinkLeadsOutOfTheRoot() throws IOException {
        Path root = dirs.directory("root");
        write(root.resolve("hostname"), "inside");
        Files.createDirectory(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/../../../../hostname"));
        Files.createSymbolicLink(root.resolve("etc/group"), Path.of("/proc/self/environ"));
        Mount bind = Mount.of("bind", root.toString(), List.of("rbind", "rw"));

        Map<String, byte[]> files = new LinuxRootFiles().read(List.of(bind), List.of("/etc/passwd", "/etc/group"));

        assertThat(files).containsOnlyKeys("/etc/passwd");
        assertThat(text(files, "/etc/passwd")).isEqualTo("inside");
    }

    @Test
    void filesOfAProcessAreRead() {
        Map<String, byte[]> files =
                new LinuxRootFiles().read((int) ProcessHandle.current().pid(), List.of("/etc/passwd"));

        assertThat(text(files, "/etc/passwd")).startsWith("root:");
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static String text(Map<String, byte[]> files, String path) {
        return new String(files.getOrDefault(path, new byte[0]), StandardCharsets.UTF_8);
    }
}
