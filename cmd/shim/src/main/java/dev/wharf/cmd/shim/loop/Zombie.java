package dev.wharf.cmd.shim.loop;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.ExitStatus;
import dev.wharf.lib.linux.Pidfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** A process that has ended and that its parent has not reaped: its status stands in /proc. */
final class Zombie {
    /** The exit code is the 52nd field; those after the name are counted from the third. Source: proc_pid_stat(5). */
    private static final int EXIT_CODE = 52 - 3;

    private Zombie() {}

    /** The status; empty when it was reaped meanwhile, or may not be read. */
    static OptionalInt status(Pidfd pidfd) {
        if (pidfd.pid() <= 0) {
            return OptionalInt.empty();
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + pidfd.pid() + "/stat"));
            checkReadable(pidfd.pid());
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
            // Not reaped even now, so that the pid cannot have been another process.
            pidfd.sendSignal(0);
            return fields[0].equals("Z") && fields.length > EXIT_CODE
                    ? OptionalInt.of(ExitStatus.ofWaitStatus(Integer.parseInt(fields[EXIT_CODE]))
                            .shellCode())
                    : OptionalInt.empty();
        } catch (IOException | ErrnoException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** The kernel shows 0 for the code to those who may not trace the process, and refuses them this link. */
    private static void checkReadable(int pid) throws IOException {
        Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/user"));
    }
}
