package dev.wharf.testkit.dirs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TempDirsTest {
    @Test
    void whatIsLeftMountedIsTakenOffBeforeAllIsDeleted() throws Exception {
        TempDirs dirs = TempDirs.create();
        Path outer = dirs.directory("outer");
        mountTmpfs(outer);
        Path inner = Files.createDirectory(outer.resolve("inner"));
        mountTmpfs(inner);
        mountTmpfs(inner);
        Files.writeString(inner.resolve("file"), "x");
        assertThat(dirs.mounts()).containsExactly(inner, inner, outer);

        dirs.close();

        assertThat(dirs.mounts()).isEmpty();
        assertThat(dirs.root()).doesNotExist();
    }

    private static void mountTmpfs(Path target) throws IOException, InterruptedException {
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "tmpfs", target.toString())
                .inheritIO()
                .start();
        assertThat(mount.waitFor()).isZero();
    }
}
