package dev.wharf.shim.group;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one of the same pid. Source: proc_pid_stat(5).
 *
 * @param pid its number
 * @param startTime when it started, in clock ticks since boot
 */
public record ProcessIdentity(int pid, long startTime) {
    /** Index of the start time among the fields behind the name. */
    private static final int START_TIME = 19;

    private static final int STATE = 0;

    /** This process. */
    public static ProcessIdentity self() throws IOException {
        return of("self").orElseThrow(() -> new IOException("/proc/self/stat cannot be read as expected"));
    }

    /** The process with this pid; empty where there is none, or a dead one that nobody has reaped. */
    public static Optional<ProcessIdentity> of(int pid) {
        return of(Integer.toString(pid));
    }

    private static Optional<ProcessIdentity> of(String pid) {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", pid, "stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return Optional.empty();
        }
        int name = stat.lastIndexOf(')');
        String[] fields = stat.substring(name + 1).strip().split(" ");
        int blank = stat.indexOf(' ');
        if (name < 0 || blank < 0 || fields.length <= START_TIME || "ZX".contains(fields[STATE])) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcessIdentity(Integer.parseInt(stat.substring(0, blank)), Long.parseLong(fields[START_TIME])));
    }

    /** Whether this very process still lives. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }
}
