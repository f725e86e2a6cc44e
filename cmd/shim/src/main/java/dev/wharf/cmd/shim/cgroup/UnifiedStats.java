package dev.wharf.cmd.shim.cgroup;

import dev.wharf.api.cgroups.v2.CPUStat;
import dev.wharf.api.cgroups.v2.HugeTlbStat;
import dev.wharf.api.cgroups.v2.IOEntry;
import dev.wharf.api.cgroups.v2.IOStat;
import dev.wharf.api.cgroups.v2.MemoryEvents;
import dev.wharf.api.cgroups.v2.MemoryStat;
import dev.wharf.api.cgroups.v2.Metrics;
import dev.wharf.api.cgroups.v2.PSIData;
import dev.wharf.api.cgroups.v2.PSIStats;
import dev.wharf.api.cgroups.v2.PidsStat;
import dev.wharf.api.cgroups.v2.RdmaEntry;
import dev.wharf.api.cgroups.v2.RdmaStat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figures of a control group of version 2. Source: the kernel's admin-guide/cgroup-v2.rst. */
final class UnifiedStats {
    private UnifiedStats() {}

    static Metrics read(Figures figures) {
        Metrics.Builder metrics = Metrics.newBuilder()
                .setPids(PidsStat.newBuilder()
                        .setCurrent(figures.number("pids.current"))
                        .setLimit(figures.number("pids.max")))
                .setCpu(cpu(figures))
                .setMemory(memory(figures))
                .setIo(io(figures))
                .setRdma(RdmaStat.newBuilder()
                        .addAllCurrent(rdma(figures.lines("rdma.current")))
                        .addAllLimit(rdma(figures.lines("rdma.max"))))
                .addAllHugetlb(hugePages(figures));
        memoryEvents(figures).ifPresent(metrics::setMemoryEvents);
        return metrics.build();
    }

    private static CPUStat cpu(Figures figures) {
        Map<String, Long> stat = figures.table("cpu.stat");
        CPUStat.Builder cpu = CPUStat.newBuilder()
                .setUsageUsec(stat.getOrDefault("usage_usec", 0L))
                .setUserUsec(stat.getOrDefault("user_usec", 0L))
                .setSystemUsec(stat.getOrDefault("system_usec", 0L))
                .setNrPeriods(stat.getOrDefault("nr_periods", 0L))
                .setNrThrottled(stat.getOrDefault("nr_throttled", 0L))
                .setThrottledUsec(stat.getOrDefault("throttled_usec", 0L))
                .setNrBursts(stat.getOrDefault("nr_bursts", 0L))
                .setBurstUsec(stat.getOrDefault("burst_usec", 0L));
        pressure(figures, "cpu.pressure").ifPresent(cpu::setPsi);
        return cpu.build();
    }

    private static MemoryStat memory(Figures figures) {
        Map<String, Long> stat = figures.table("memory.stat");
        MemoryStat.Builder memory = MemoryStat.newBuilder();
        memory.getDescriptorForType().getFields().forEach(field -> {
            Long value = stat.get(field.getName());
            if (value != null) {
                memory.setField(field, value);
            }
        });
        memory.setUsage(figures.number("memory.current"))
                .setUsageLimit(figures.number("memory.max"))
                .setMaxUsage(figures.number("memory.peak"))
                .setSwapUsage(figures.number("memory.swap.current"))
                .setSwapLimit(figures.number("memory.swap.max"))
                .setSwapMaxUsage(figures.number("memory.swap.peak"));
        pressure(figures, "memory.pressure").ifPresent(memory::setPsi);
        return memory.build();
    }

    private static Optional<MemoryEvents> memoryEvents(Figures figures) {
        Map<String, Long> events = figures.table("memory.events");
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(MemoryEvents.newBuilder()
                        .setLow(events.getOrDefault("low", 0L))
                        .setHigh(events.getOrDefault("high", 0L))
                        .setMax(events.getOrDefault("max", 0L))
                        .setOom(events.getOrDefault("oom", 0L))
                        .setOomKill(events.getOrDefault("oom_kill", 0L))
                        .setOomGroupKill(events.getOrDefault("oom_group_kill", 0L))
                        .build());
    }

    private static IOStat io(Figures figures) {
        IOStat.Builder io = IOStat.newBuilder();
        for (String line : figures.lines("io.stat")) {
            String[] parts = line.strip().split(" ", -1);
            String[] device = parts[0].split(":", -1);
            if (parts.length > 1 && device.length == 2) {
                Map<String, Long> values = pairs(parts);
                io.addUsage(IOEntry.newBuilder()
                        .setMajor(Figures.parse(device[0]))
                        .setMinor(Figures.parse(device[1]))
                        .setRbytes(values.getOrDefault("rbytes", 0L))
                        .setWbytes(values.getOrDefault("wbytes", 0L))
                        .setRios(values.getOrDefault("rios", 0L))
                        .setWios(values.getOrDefault("wios", 0L)));
            }
        }
        pressure(figures, "io.pressure").ifPresent(io::setPsi);
        return io.build();
    }

    private static List<RdmaEntry> rdma(List<String> lines) {
        return lines.stream()
                .map(line -> line.strip().split(" ", -1))
                .filter(parts -> parts.length == 3)
                .map(parts -> RdmaEntry.newBuilder()
                        .setDevice(parts[0])
                        .setHcaHandles(
                                pairs(parts).getOrDefault("hca_handle", 0L).intValue())
                        .setHcaObjects(
                                pairs(parts).getOrDefault("hca_object", 0L).intValue())
                        .build())
                .toList();
    }

    private static List<HugeTlbStat> hugePages(Figures figures) {
        return HugePages.sizes().stream()
                .filter(size -> figures.has("hugetlb." + size + ".current"))
                .map(size -> HugeTlbStat.newBuilder()
                        .setCurrent(figures.number("hugetlb." + size + ".current"))
                        .setMax(figures.number("hugetlb." + size + ".max"))
                        .setPagesize(size)
                        .setFailcnt(figures.table("hugetlb." + size + ".events").getOrDefault("max", 0L))
                        .build())
                .toList();
    }

    /** Lines such as {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0}. */
    private static Optional<PSIStats> pressure(Figures figures, String file) {
        List<String> lines = figures.lines(file);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        PSIStats.Builder stats = PSIStats.newBuilder();
        for (String line : lines) {
            String[] parts = line.split(" ", -1);
            if (parts[0].equals("some")) {
                stats.setSome(pressure(parts));
            } else if (parts[0].equals("full")) {
                stats.setFull(pressure(parts));
            }
        }
        return Optional.of(stats.build());
    }

    private static PSIData pressure(String[] parts) {
        PSIData.Builder data = PSIData.newBuilder();
        for (String part : parts) {
            int equals = part.indexOf('=');
            String value = part.substring(equals + 1);
            switch (part.substring(0, Math.max(0, equals))) {
                case "avg10" -> data.setAvg10(decimal(value));
                case "avg60" -> data.setAvg60(decimal(value));
                case "avg300" -> data.setAvg300(decimal(value));
                case "total" -> data.setTotal(Figures.parse(value));
                default -> {}
            }
        }
        return data.build();
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Map<String, Long> pairs(String[] parts) {
        Map<String, Long> values = new HashMap<>();
        Arrays.stream(parts).skip(1).forEach(part -> {
            int equals = part.indexOf('=');
            if (equals > 0) {
                values.put(part.substring(0, equals), Figures.parse(part.substring(equals + 1)));
            }
        });
        return values;
    }
}
