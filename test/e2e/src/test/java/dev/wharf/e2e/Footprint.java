package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process takes of the machine. Source: proc(5).
 *
 * @param rssMebibytes resident memory
 * @param threads kernel threads
 * @param descriptors open files
 */
record Footprint(long rssMebibytes, long threads, long descriptors) {
    static Footprint of(long pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            String status = Files.readString(process.resolve("status"));
            return new Footprint(number(status, "VmRSS:") / 1024, number(status, "Threads:"), open.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
