package dev.wharf.cmd.shim.hold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that no later one can be mistaken for.
 *
 * @param pid as seen from here
 * @param start when it started, in ticks since the machine did
 */
public record ProcessId(int pid, long start) {
    /** Fields after the name in parentheses, counted from the state as the first; the start is the 22nd of all. */
    private static final int START_FIELD = 22 - 3;

    /** The process that has this pid now; empty when there is none. Source: proc_pid_stat(5). */
    public static Optional<ProcessId> of(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new ProcessId(pid, Long.parseLong(fields[START_FIELD])));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Whether it still exists, be it as a zombie. */
    public boolean exists() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Reads {@code pid start}; empty when it is something else. */
    public static Optional<ProcessId> parse(String text) {
        String[] parts = text.strip().split(" ", -1);
        try {
            return parts.length == 2
                    ? Optional.of(new ProcessId(Integer.parseInt(parts[0]), Long.parseLong(parts[1])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return pid + " " + start;
    }
}
