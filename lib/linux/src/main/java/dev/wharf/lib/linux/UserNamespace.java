package dev.wharf.lib.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * User namespaces by descriptor, as idmapped mounts take them. Source: user_namespaces(7).
 *
 * <p>A process with several threads, such as a JVM, cannot make one itself: a short-lived child of unshare(1) does.
 */
public final class UserNamespace {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private UserNamespace() {}

    /**
     * Makes a user namespace with these mappings.
     *
     * @param uidMap lines of {@code inside outside count}
     * @param gidMap lines of {@code inside outside count}
     */
    public static Fd create(String uidMap, String gidMap) {
        try (Pipe ready = Pipe.create();
                Child child = Spawn.command("unshare", "--user", "sh", "-c", "echo; sleep 60")
                        .environment(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"))
                        .fd(1, ready.writer())
                        .newProcessGroup()
                        .start()) {
            try {
                awaitReady(ready);
                Path proc = Path.of("/proc/" + child.pid());
                Files.writeString(proc.resolve("uid_map"), uidMap + "\n");
                Files.writeString(proc.resolve("gid_map"), gidMap + "\n");
                return Fd.open(proc.resolve("ns/user"), OpenFlags.O_RDONLY);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot map ids " + uidMap + " and " + gidMap, e);
            } finally {
                Processes.killGroup(child.pid(), Signal.SIGKILL);
                child.waitFor(LIMIT);
            }
        }
    }

    private static void awaitReady(Pipe ready) {
        ready.writer().close();
        if (Poll.await(ready.reader(), Poll.IN, LIMIT) == 0) {
            throw new ErrnoException(Errno.ETIMEDOUT, "make user namespace");
        }
        if (FileIo.read(ready.reader(), new byte[1], 0, 1) == 0) {
            throw new ErrnoException(Errno.EPERM.number(), "make user namespace", "unshare --user failed");
        }
    }
}
