package dev.wharf.cmd.shim.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of one directory of a control group. A file that is not there, or no longer, reads as nothing: which there
 * are is up to kernel and configuration.
 *
 * @param directory the group's, of one controller in version 1
 */
record Figures(Path directory) {
    /** What "max" stands for: the greatest unsigned number. */
    private static final long MAX = -1L;

    boolean exist() {
        return Files.isDirectory(directory);
    }

    boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    /** The lines of a file. */
    List<String> lines(String file) {
        try {
            return Files.readString(directory.resolve(file)).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A file that holds one number; unsigned. */
    long number(String file) {
        return lines(file).stream().findFirst().map(Figures::parse).orElse(0L);
    }

    /** A file of lines with a name and a number. */
    Map<String, Long> table(String file) {
        Map<String, Long> table = new HashMap<>();
        for (String line : lines(file)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                table.put(line.substring(0, blank), parse(line.substring(blank + 1)));
            }
        }
        return table;
    }

    /** A number as the kernel writes it; 0 for anything else. */
    static long parse(String text) {
        String number = text.strip();
        if (number.equals("max")) {
            return MAX;
        }
        try {
            return number.startsWith("-") ? 0 : Long.parseUnsignedLong(number);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
