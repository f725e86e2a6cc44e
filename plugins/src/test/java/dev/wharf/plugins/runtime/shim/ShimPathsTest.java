package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimTaskRuntimeTest.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShimPathsTest {
    @TempDir
    private Path root;

    @Test
    void nameOfABinaryIsMadeOfTheLastTwoParts() {
        assertThat(ShimPaths.binaryName("io.containerd.runc.v2")).contains("containerd-shim-runc-v2");
        assertThat(ShimPaths.binaryName("kata.v2")).contains("containerd-shim-kata-v2");
        assertThat(ShimPaths.binaryName("runc")).isEmpty();
        assertThat(ShimPaths.binaryName("")).isEmpty();
        assertThat(ShimPaths.binaryName(".runc.v2")).isEmpty();
        assertThat(ShimPaths.binaryName("a/b.runc.v2")).isEmpty();
    }

    @Test
    void firstDirectoryThatHasTheProgramWins() throws IOException {
        Path one = Files.createDirectory(root.resolve("one"));
        Path two = Files.createDirectory(root.resolve("two"));
        ShimPaths paths = new ShimPaths(List.of(one, two));
        Files.writeString(one.resolve("containerd-shim-x-v1"), "not executable");
        Path late = program(two.resolve("containerd-shim-x-v1"));
        assertThat(paths.resolve("a.x.v1")).isEqualTo(late);

        Files.delete(late);
        assertThatThrownBy(() -> paths.resolve("a.x.v1"))
                .satisfies(is(ErrorKind.NOT_FOUND))
                .hasMessageContaining(one.toString())
                .hasMessageContaining(two.toString());
        program(late);
        assertThat(paths.resolve("a.x.v1")).isEqualTo(late);
    }

    @Test
    void absolutePathIsTakenAsItIs() throws IOException {
        Path shim = program(root.resolve("my-shim"));
        assertThat(new ShimPaths(List.of()).resolve(shim.toString())).isEqualTo(shim);
    }

    @Test
    void directoriesAreTheWorkingOneThenPathThenTheDaemons() {
        Path daemon = root.resolve("daemon");
        Path beside = root.resolve("containerd-shim-y-v1");
        assertThatThrownBy(() -> ShimPaths.ofDaemon(daemon, "/usr/bin::rel:/sbin", Optional.empty())
                        .resolve("a.y.v1"))
                .hasMessageContaining("[" + Path.of("").toAbsolutePath() + ", /usr/bin, /sbin, " + root + "]");
        assertThat(beside).doesNotExist();
    }

    @Test
    void anotherProgramMayServeRuncWhereItIsThere() throws IOException {
        Path onPath = program(root.resolve("containerd-shim-runc-v2"));
        Path ours = root.resolve("containerd-shim-wharf-v1");
        ShimPaths paths = new ShimPaths(List.of(root), Optional.of(ours));
        assertThat(paths.resolve("io.containerd.runc.v2")).isEqualTo(onPath);
        program(ours);
        assertThat(paths.resolve("io.containerd.runc.v2")).isEqualTo(ours);
        assertThat(paths.resolve(onPath.toString())).isEqualTo(onPath);
        assertThat(paths.resolve("x.runc.v2")).isEqualTo(onPath);
    }

    private static Path program(Path path) throws IOException {
        Files.writeString(path, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
