package dev.wharf.cmd.shim.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sizes of huge pages this machine has, as control groups name them: 2MB, 1GB. */
final class HugePages {
    private static final Path DIRECTORY = Path.of("/sys/kernel/mm/hugepages");
    private static final List<String> UNITS = List.of("KB", "MB", "GB", "TB");

    private HugePages() {}

    static List<String> sizes() {
        try (Stream<Path> sizes = Files.list(DIRECTORY)) {
            return sizes.map(size -> size.getFileName().toString())
                    .filter(name -> name.matches("hugepages-[0-9]{1,15}kB"))
                    .map(name -> name(Long.parseLong(name.substring("hugepages-".length(), name.length() - 2))))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String name(long kilobytes) {
        long size = kilobytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.size() - 1) {
            size /= 1024;
            unit++;
        }
        return size + UNITS.get(unit);
    }
}
