package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CgroupMovesTest {
    private static final String UNIFIED = "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
    private static final String PIDS = "31 1 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids";
    private static final String CPU = "32 1 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct";
    private static final String NAMED = "33 1 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd";

    private static String own(String text, String... mounts) {
        List<MountInfo> parsed = Stream.of(mounts).map(MountInfo::parse).toList();
        return CgroupMoves.own(text, parsed).map(Path::toString).orElse("none");
    }

    @Test
    void theGroupOfVersionTwoIsTakenWhereThereIsOne() {
        assertThat(own("0::/system.slice/a:b\n", UNIFIED)).isEqualTo("/sys/fs/cgroup/system.slice/a:b");
        assertThat(own("8:pids:/x\n0::/\n", PIDS, UNIFIED)).isEqualTo("/sys/fs/cgroup");
    }

    @Test
    void elseOneOfVersionOne() {
        assertThat(own("8:pids:/x\n0::/\n", PIDS)).isEqualTo("/sys/fs/cgroup/pids/x");
        assertThat(own("2:cpu,cpuacct:/y\n8:pids:/x\n", CPU)).isEqualTo("/sys/fs/cgroup/cpu,cpuacct/y");
        assertThat(own("9:name=systemd:/z\n", PIDS, NAMED)).isEqualTo("/sys/fs/cgroup/systemd/z");
    }

    @Test
    void aMountOfAPartShowsOnlyThatPart() {
        String part = UNIFIED.replace("0:26 / ", "0:26 /box ");
        assertThat(own("0::/box/a\n", part)).isEqualTo("/sys/fs/cgroup/a");
        assertThat(own("0::/boxes\n", part)).isEqualTo("none");
        assertThat(own("0::/../other\n", UNIFIED)).isEqualTo("none");
    }

    @Test
    void nothingIsFoundInNothing() {
        assertThat(own("", UNIFIED)).isEqualTo("none");
        assertThat(own("damaged\n0:\n", UNIFIED)).isEqualTo("none");
        assertThat(own("8:pids:/x\n")).isEqualTo("none");
    }

    @Test
    void theGroupOfThisProcessIsOneItIsIn() throws IOException {
        Path group = CgroupMoves.own(Files.readString(Path.of("/proc/self/cgroup")), MountInfo.read())
                .orElseThrow();
        assertThat(Files.readAllLines(group.resolve("cgroup.procs")))
                .contains(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void aMoveToWhereThisProcessIsChangesNothing() throws IOException {
        String before = Files.readString(Path.of("/proc/self/cgroup"));

        CgroupMoves.moveToWhereItIs();

        assertThat(Path.of("/proc/self/cgroup")).hasContent(before);
    }

    @Test
    void aGroupThatIsNoneTakesNoProcess() {
        assertThatThrownBy(() -> CgroupMoves.join(List.of(Path.of("/sys/fs/cgroup/there-is-none-of-this-name"))))
                .isInstanceOf(IOException.class);
    }
}
