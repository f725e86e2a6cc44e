package dev.wharf.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What daemon and shims take of memory, without containers and with several. One value each. */
final class Memory implements Workload {
    /** After that long nothing of what came before is still going on, and what is not needed has been given back. */
    private static final long SETTLE_MILLIS = 20_000;

    private static final double KIBIBYTES = 1_024;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        ImageShelf.Shelved image = arena.shelf().busybox();
        arena.withPair(pair -> {
            Programs.sleep(SETTLE_MILLIS);
            pair.each(peer -> medians.add(measure("daemon after start"), peer.kind(), mebibytes(List.of(peer.pid()))));
            pair.each(peer -> new ImagePull(peer).run(image, false));
            int running = 0;
            for (int count : arena.options().containers()) {
                int first = running;
                pair.each(peer -> start(peer, image, first, count));
                running = count;
                Programs.sleep(SETTLE_MILLIS);
                pair.each(peer -> add(medians, peer, count));
            }
        });
    }

    private static void start(Peer peer, ImageShelf.Shelved image, int first, int count) {
        Sleepers sleepers = new Sleepers(peer, image);
        for (int i = first; i < count; i++) {
            int pid = sleepers.start("sleeper-" + i, "/bin/busybox", "sleep", "86400")
                    .pid();
            if (pid <= 0) {
                throw new IllegalStateException("sleeper " + i + " has no pid");
            }
        }
    }

    private static void add(Medians medians, Peer peer, int count) {
        String with = ", " + count + (count == 1 ? " container" : " containers");
        medians.add(measure("daemon" + with), peer.kind(), mebibytes(List.of(peer.pid())));
        medians.add(measure("daemon and shims" + with), peer.kind(), mebibytes(Traces.processes(peer.directory())));
    }

    private static Medians.Measure measure(String what) {
        return new Medians.Measure("memory of " + what, "MiB");
    }

    /** The proportional set size of processes (proc(5), smaps_rollup). */
    private static double mebibytes(List<Long> pids) {
        return pids.stream().mapToLong(Memory::kibibytes).sum() / KIBIBYTES;
    }

    private static long kibibytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
