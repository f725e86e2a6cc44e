package dev.wharf.cmd.shim.transfer;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The root directory of a container and how it numbers owners.
 *
 * @param directory the root, within the container's mounts
 */
public record ContainerRoot(Fd directory, OwnerMap users, OwnerMap groups) implements AutoCloseable {
    /** Opens the root of a container by its first process; ESRCH when that has ended. */
    public static ContainerRoot of(Pidfd init) {
        Path proc = Path.of("/proc/" + init.pid());
        Fd directory = Fd.directory(proc.resolve("root"));
        try {
            OwnerMap users = OwnerMap.of(Files.readString(proc.resolve("uid_map")));
            OwnerMap groups = OwnerMap.of(Files.readString(proc.resolve("gid_map")));
            if (init.hasEnded()) {
                throw new ErrnoException(Errno.ESRCH, "open the root of process " + init.pid());
            }
            return new ContainerRoot(directory, users, groups);
        } catch (IOException e) {
            directory.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Whether its owners are the machine's, as it has no user namespace of its own. */
    boolean sharesOwners() {
        return users.isIdentity() && groups.isIdentity();
    }

    /** Makes files that are to belong to the container's root, even on a mount that shows no other owners. */
    void making(Runnable task) {
        if (sharesOwners()) {
            task.run();
        } else {
            Processes.makingFilesAs(users.outside(0), groups.outside(0), task);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
