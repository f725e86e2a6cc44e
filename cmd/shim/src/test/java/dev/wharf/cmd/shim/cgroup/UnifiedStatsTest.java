package dev.wharf.cmd.shim.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.cgroups.v2.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 2 from files as a kernel writes them. */
class UnifiedStatsTest {
    @TempDir
    private Path directory;

    private void file(String name, String content) throws Exception {
        Files.writeString(directory.resolve(name), content);
    }

    @Test
    void figuresAreReadFromTheFiles() throws Exception {
        file("pids.current", "3\n");
        file("pids.max", "max\n");
        file(
                "cpu.stat",
                "usage_usec 100\nuser_usec 60\nsystem_usec 40\nnr_periods 5\nnr_throttled 2\nthrottled_usec 7\n");
        file(
                "cpu.pressure",
                "some avg10=1.50 avg60=0.25 avg300=0.00 total=1234\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n");
        file("memory.stat", "anon 4096\nfile 8192\nworkingset_refault_anon 1\npgfault 77\n");
        file("memory.current", "20480\n");
        file("memory.max", "1048576\n");
        file("memory.peak", "30000\n");
        file("memory.events", "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\noom_group_kill 0\n");
        file("io.stat", "8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n253:0 \n");
        ControlGroup group = new ControlGroup(true, Map.of("", directory), true);
        assertThat(group.stats().getTypeUrl()).isEqualTo("io.containerd.cgroups.v2.Metrics");
        Metrics metrics = Metrics.parseFrom(group.stats().getValue());
        assertThat(metrics.getPids().getCurrent()).isEqualTo(3);
        assertThat(metrics.getPids().getLimit()).isEqualTo(-1L);
        assertThat(metrics.getCpu().getUsageUsec()).isEqualTo(100);
        assertThat(metrics.getCpu().getNrThrottled()).isEqualTo(2);
        assertThat(metrics.getCpu().getPsi().getSome().getAvg10()).isEqualTo(1.5);
        assertThat(metrics.getCpu().getPsi().getFull().getTotal()).isEqualTo(5);
        assertThat(metrics.getMemory().getAnon()).isEqualTo(4096);
        assertThat(metrics.getMemory().getPgfault()).isEqualTo(77);
        assertThat(metrics.getMemory().getUsage()).isEqualTo(20480);
        assertThat(metrics.getMemory().getUsageLimit()).isEqualTo(1048576);
        assertThat(metrics.getMemoryEvents().getOomKill()).isEqualTo(4);
        assertThat(metrics.getIo().getUsageList()).anySatisfy(entry -> {
            assertThat(entry.getMajor()).isEqualTo(8);
            assertThat(entry.getWbytes()).isEqualTo(20);
        });
    }

    @Test
    void onlyKillsCountAsOutOfMemory() throws Exception {
        file("memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 0\n");
        OomWatch.KillCount count = new OomWatch.KillCount(new Figures(directory));
        assertThat(count.grew()).isFalse();
        file("memory.events", "low 0\nhigh 0\nmax 10\noom 2\noom_kill 1\n");
        assertThat(count.grew()).isTrue();
        assertThat(count.grew()).isFalse();
    }
}
