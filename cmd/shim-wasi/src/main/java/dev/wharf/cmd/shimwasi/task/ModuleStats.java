package dev.wharf.cmd.shimwasi.task;

import com.google.protobuf.Any;
import dev.wharf.api.cgroups.v2.CPUStat;
import dev.wharf.api.cgroups.v2.MemoryStat;
import dev.wharf.api.cgroups.v2.Metrics;
import dev.wharf.api.cgroups.v2.PidsStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Figures of a module in the form of control groups of version 2, though it has none: its thread's and its memory's. */
final class ModuleStats {
    private ModuleStats() {}

    static Any of(WasiContainer container) {
        Metrics metrics = Metrics.newBuilder()
                .setPids(PidsStat.newBuilder().setCurrent(1).setLimit(1))
                .setCpu(CPUStat.newBuilder().setUsageUsec(cpuMicros(container.pid())))
                .setMemory(MemoryStat.newBuilder()
                        .setUsage(container.share().used())
                        .setUsageLimit(container.share().most()))
                .build();
        return Any.newBuilder()
                .setTypeUrl("io.containerd.cgroups.v2.Metrics")
                .setValue(metrics.toByteString())
                .build();
    }

    /** Time on a processor; 0 for a thread that has ended. Source: the kernel's sched-stats.rst. */
    private static long cpuMicros(int threadId) {
        try {
            String stat = Files.readString(Path.of("/proc/self/task/" + threadId + "/schedstat"));
            return Long.parseLong(stat.substring(0, stat.indexOf(' '))) / 1000;
        } catch (IOException | NumberFormatException ended) {
            return 0;
        }
    }
}
