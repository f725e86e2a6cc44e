package dev.wharf.cmd.wharfd.boot;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps a second daemon from the same root: an flock(2) on {@code <root>/wharfd.lock}, which the kernel gives back
 * however the process ends. The file holds the owner's pid, for people.
 */
public final class RootLock implements AutoCloseable {
    private final Fd file;

    private RootLock(Fd file) {
        this.file = file;
    }

    /** Takes the lock of a root; {@code UNAVAILABLE}, naming the other's pid, where it is taken. */
    public static RootLock take(Path root) {
        Path path = root.resolve("wharfd.lock");
        Fd file = Fd.open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_CLOEXEC, 0600);
        if (!Fcntl.tryLock(file)) {
            file.close();
            throw ErrorKind.UNAVAILABLE.of("root " + root + " belongs to another wharfd that runs" + owner(path)
                    + "; stop it, or choose another directory with --root");
        }
        FileIo.truncate(file, 0);
        FileIo.writeFully(file, (Processes.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        return new RootLock(file);
    }

    private static String owner(Path path) {
        try {
            String pid = Files.readString(path).strip();
            return pid.isEmpty() ? "" : " as pid " + pid;
        } catch (IOException unknown) {
            return "";
        }
    }

    /** Gives it back. The file stays: removing it could take a lock from under the next owner. */
    @Override
    public void close() {
        file.close();
    }
}
