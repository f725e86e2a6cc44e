package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountInfoTest {
    @Test
    void allFieldsAreReadAndEscapesUndone() {
        MountInfo info = MountInfo.parse("36 35 98:0 /a\\040b /mnt/x\\134y\\011z rw,noatime shared:1 master:2 - ext3"
                + " /dev/root\\012 rw,errors=continue");
        assertThat(info.id()).isEqualTo(36);
        assertThat(info.parent()).isEqualTo(35);
        assertThat(info.device()).isEqualTo(new Device(98, 0));
        assertThat(info.root()).isEqualTo("/a b");
        assertThat(info.mountPoint()).isEqualTo("/mnt/x\\y\tz");
        assertThat(info.options()).containsExactly("rw", "noatime");
        assertThat(info.propagation()).containsExactly("shared:1", "master:2");
        assertThat(info.type()).isEqualTo("ext3");
        assertThat(info.source()).isEqualTo("/dev/root\n");
        assertThat(info.superOptions()).containsExactly("rw", "errors=continue");
    }

    @Test
    void mountWithoutPropagationAndWithEmptySourceIsRead() {
        MountInfo info = MountInfo.parse("1 0 0:5 / / rw - tmpfs  rw");
        assertThat(info.propagation()).isEmpty();
        assertThat(info.source()).isEmpty();
    }

    private static List<String> below(String directory, String... mountPoints) {
        Stream<String> lines = Stream.of(mountPoints).map(point -> "1 0 0:5 / " + point + " rw - tmpfs none rw");
        return MountInfo.below(directory, lines).stream()
                .map(MountInfo::mountPoint)
                .toList();
    }

    @Test
    void mountsOnADirectoryAndBelowItAreFoundAndNotThoseBeside() {
        assertThat(below("/a/b", "/a", "/a/b", "/a/b/c", "/a/bc", "/x/a/b", "/a/b"))
                .containsExactly("/a/b", "/a/b/c", "/a/b");
        assertThat(below("/a/b", "/a", "/c")).isEmpty();
        assertThat(below("/a b", "/a\\040b/c", "/a")).containsExactly("/a b/c");
        assertThat(below("/\u00e4", "/\u00c3\u00a4/c", "/a")).containsExactly("/\u00e4/c");
    }

    @Test
    void otherLinesAreRefused() {
        for (String line : new String[] {"", "a b c", "1 0 0:5 / / rw -", "1 0 0:5 / / rw tmpfs none rw"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> MountInfo.parse(line));
        }
    }

    @Test
    void damagedLinesAreReadOrRefusedButNothingElse() {
        String line = "36 35 98:0 /a\\040b /mnt rw,noatime shared:1 - ext3 /dev/root rw";
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder damaged = new StringBuilder(line);
            for (int change = 0; change < 3; change++) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
                damaged.deleteCharAt(random.nextInt(damaged.length()));
            }
            try {
                assertThat(MountInfo.parse(damaged.toString()).superOptions()).isNotEmpty();
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("Index");
            }
        }
    }

    @Test
    void pathIsFoundInTheInnermostMount() {
        assertThat(MountInfo.containing(Path.of("/proc/self/status"))
                        .orElseThrow()
                        .type())
                .isEqualTo("proc");
        assertThat(MountInfo.isMountPoint(Path.of("/proc"))).isTrue();
        assertThat(MountInfo.isMountPoint(Path.of("/proc/self"))).isFalse();
    }
}
