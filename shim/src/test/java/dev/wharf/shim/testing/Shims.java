package dev.wharf.shim.testing;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Serving processes, by the files that name them. */
final class Shims {
    private Shims() {}

    static int pid(Path socket) throws IOException {
        return pidIn(Path.of(socket + ".shim"));
    }

    private static int pidIn(Path shimFile) throws IOException {
        return Integer.parseInt(Files.readString(shimFile).split(" ")[0]);
    }

    /** Kills the process a file names, if it lives, and waits until it has ended. */
    static void kill(Path shimFile) throws IOException {
        signal(pidIn(shimFile), 9);
    }

    /** Sends a signal that ends a process, and waits until it has. */
    static void signal(int pid, int number) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            pidfd.sendSignal(number);
            awaitEnd(pidfd);
        } catch (ErrnoException gone) {
            return;
        }
    }

    static void awaitEnd(int pid) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            awaitEnd(pidfd);
        } catch (ErrnoException gone) {
            return;
        }
    }

    private static void awaitEnd(Pidfd pidfd) {
        if (!pidfd.awaitEnd(Duration.ofSeconds(60))) {
            throw new IllegalStateException("process " + pidfd.pid() + " does not end");
        }
    }
}
