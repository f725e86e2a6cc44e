package dev.wharf.cmd.shim.cgroup;

import dev.wharf.api.cgroups.v1.BlkIOEntry;
import dev.wharf.api.cgroups.v1.BlkIOStat;
import dev.wharf.api.cgroups.v1.CPUStat;
import dev.wharf.api.cgroups.v1.CPUUsage;
import dev.wharf.api.cgroups.v1.HugetlbStat;
import dev.wharf.api.cgroups.v1.MemoryEntry;
import dev.wharf.api.cgroups.v1.MemoryOomControl;
import dev.wharf.api.cgroups.v1.MemoryStat;
import dev.wharf.api.cgroups.v1.Metrics;
import dev.wharf.api.cgroups.v1.PidsStat;
import dev.wharf.api.cgroups.v1.Throttle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The figures of a control group of version 1. Source: the kernel's admin-guide/cgroup-v1. */
final class LegacyStats {
    /** Nanoseconds in a tick of cpuacct.stat, of which a second has 100 on every architecture. */
    private static final long TICK = 10_000_000;

    /** Fields that are called something else in the kernel's file. */
    private static final Map<String, String> NAMES = Map.of(
            "pg_pg_in", "pgpgin",
            "pg_pg_out", "pgpgout",
            "pg_fault", "pgfault",
            "pg_maj_fault", "pgmajfault",
            "total_pg_pg_in", "total_pgpgin",
            "total_pg_pg_out", "total_pgpgout",
            "total_pg_fault", "total_pgfault",
            "total_pg_maj_fault", "total_pgmajfault",
            "hierarchical_swap_limit", "hierarchical_memsw_limit");

    private LegacyStats() {}

    static Metrics read(ControlGroup group) {
        Metrics.Builder metrics = Metrics.newBuilder();
        group.figures("hugetlb").ifPresent(figures -> metrics.addAllHugetlb(hugePages(figures)));
        group.figures("pids").filter(Figures::exist).ifPresent(figures -> metrics.setPids(pids(figures)));
        metrics.setCpu(cpu(group));
        group.figures("memory")
                .filter(Figures::exist)
                .ifPresent(figures -> metrics.setMemory(memory(figures)).setMemoryOomControl(oomControl(figures)));
        group.figures("blkio").filter(Figures::exist).ifPresent(figures -> metrics.setBlkio(blockIo(figures)));
        return metrics.build();
    }

    private static List<HugetlbStat> hugePages(Figures figures) {
        return HugePages.sizes().stream()
                .filter(size -> figures.has("hugetlb." + size + ".usage_in_bytes"))
                .map(size -> HugetlbStat.newBuilder()
                        .setUsage(figures.number("hugetlb." + size + ".usage_in_bytes"))
                        .setMax(figures.number("hugetlb." + size + ".max_usage_in_bytes"))
                        .setFailcnt(figures.number("hugetlb." + size + ".failcnt"))
                        .setPagesize(size)
                        .build())
                .toList();
    }

    /** A limit that is not set reads as 0, as containerd has it. */
    private static PidsStat pids(Figures figures) {
        long limit = figures.number("pids.max");
        return PidsStat.newBuilder()
                .setCurrent(figures.number("pids.current"))
                .setLimit(limit == -1 ? 0 : limit)
                .build();
    }

    private static CPUStat cpu(ControlGroup group) {
        CPUStat.Builder cpu = CPUStat.newBuilder()
                .setUsage(CPUUsage.getDefaultInstance())
                .setThrottling(Throttle.getDefaultInstance());
        group.figures("cpu").ifPresent(figures -> cpu.setThrottling(throttle(figures.table("cpu.stat"))));
        group.figures("cpuacct").ifPresent(figures -> cpu.setUsage(usage(figures)));
        return cpu.build();
    }

    private static Throttle throttle(Map<String, Long> stat) {
        return Throttle.newBuilder()
                .setPeriods(stat.getOrDefault("nr_periods", 0L))
                .setThrottledPeriods(stat.getOrDefault("nr_throttled", 0L))
                .setThrottledTime(stat.getOrDefault("throttled_time", 0L))
                .build();
    }

    private static CPUUsage usage(Figures figures) {
        Map<String, Long> stat = figures.table("cpuacct.stat");
        CPUUsage.Builder usage = CPUUsage.newBuilder()
                .setTotal(figures.number("cpuacct.usage"))
                .setUser(stat.getOrDefault("user", 0L) * TICK)
                .setKernel(stat.getOrDefault("system", 0L) * TICK);
        figures.lines("cpuacct.usage_percpu").stream()
                .flatMap(line -> Arrays.stream(line.strip().split(" ", -1)))
                .forEach(cpu -> usage.addPerCpu(Figures.parse(cpu)));
        return usage.build();
    }

    private static MemoryStat memory(Figures figures) {
        Map<String, Long> stat = figures.table("memory.stat");
        MemoryStat.Builder memory = MemoryStat.newBuilder();
        memory.getDescriptorForType().getFields().forEach(field -> {
            Long value = stat.get(NAMES.getOrDefault(field.getName(), field.getName()));
            if (value != null
                    && !field.getJavaType().equals(com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE)) {
                memory.setField(field, value);
            }
        });
        return memory.setUsage(entry(figures, "memory."))
                .setSwap(entry(figures, "memory.memsw."))
                .setKernel(entry(figures, "memory.kmem."))
                .setKernelTcp(entry(figures, "memory.kmem.tcp."))
                .build();
    }

    private static MemoryEntry entry(Figures figures, String prefix) {
        return MemoryEntry.newBuilder()
                .setUsage(figures.number(prefix + "usage_in_bytes"))
                .setMax(figures.number(prefix + "max_usage_in_bytes"))
                .setFailcnt(figures.number(prefix + "failcnt"))
                .setLimit(figures.number(prefix + "limit_in_bytes"))
                .build();
    }

    private static MemoryOomControl oomControl(Figures figures) {
        Map<String, Long> control = figures.table("memory.oom_control");
        return MemoryOomControl.newBuilder()
                .setOomKillDisable(control.getOrDefault("oom_kill_disable", 0L))
                .setUnderOom(control.getOrDefault("under_oom", 0L))
                .setOomKill(control.getOrDefault("oom_kill", 0L))
                .build();
    }

    /** The throttling files stand in where the scheduler of the disks keeps none of its own. */
    private static BlkIOStat blockIo(Figures figures) {
        BlkIOStat.Builder blockIo = BlkIOStat.newBuilder()
                .addAllSectorsRecursive(entries(figures, "sectors_recursive"))
                .addAllIoServiceBytesRecursive(entries(figures, "io_service_bytes_recursive"))
                .addAllIoServicedRecursive(entries(figures, "io_serviced_recursive"))
                .addAllIoQueuedRecursive(entries(figures, "io_queued_recursive"))
                .addAllIoServiceTimeRecursive(entries(figures, "io_service_time_recursive"))
                .addAllIoWaitTimeRecursive(entries(figures, "io_wait_time_recursive"))
                .addAllIoMergedRecursive(entries(figures, "io_merged_recursive"))
                .addAllIoTimeRecursive(entries(figures, "time_recursive"));
        if (blockIo.getIoServicedRecursiveCount() == 0 && blockIo.getIoServiceBytesRecursiveCount() == 0) {
            blockIo.addAllIoServicedRecursive(entries(figures, "throttle.io_serviced"))
                    .addAllIoServiceBytesRecursive(entries(figures, "throttle.io_service_bytes"));
        }
        return blockIo.build();
    }

    private static List<BlkIOEntry> entries(Figures figures, String name) {
        return figures.lines("blkio." + name).stream()
                .map(line -> line.strip().split("[ :]", -1))
                .flatMap(LegacyStats::entry)
                .toList();
    }

    /** A line is {@code major:minor [operation] value}; those of the totals have no device. */
    private static Stream<BlkIOEntry> entry(String[] parts) {
        if (parts.length < 3 || parts.length > 4) {
            return Stream.empty();
        }
        long major = Figures.parse(parts[0]);
        long minor = Figures.parse(parts[1]);
        return Stream.of(BlkIOEntry.newBuilder()
                .setDevice(Partitions.name(major, minor))
                .setMajor(major)
                .setMinor(minor)
                .setOp(parts.length == 4 ? parts[2] : "")
                .setValue(Figures.parse(parts[parts.length - 1]))
                .build());
    }
}
