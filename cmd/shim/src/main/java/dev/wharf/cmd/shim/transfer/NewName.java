package dev.wharf.cmd.shim.transfer;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.util.concurrent.ThreadLocalRandom;

/** A name in a directory for something that is not whole yet. */
final class NewName {
    private final Fd directory;
    private final ContainerRoot root;
    private final String temporary =
            ".wharf-" + Long.toHexString(ThreadLocalRandom.current().nextLong());

    NewName(Fd directory, ContainerRoot root) {
        this.directory = directory;
        this.root = root;
    }

    /** The name while it is made. */
    String temporary() {
        return temporary;
    }

    /** Gives it its name, in the place of what is there; a directory stays, with EISDIR, a mount point with EBUSY. */
    void rename(String name) {
        requireNotMounted(name);
        root.making(() -> FilesAt.rename(directory, temporary, directory, name, 0));
    }

    /** The kernel refuses to take away mount points of the own mount namespace alone: in others it unmounts. */
    private void requireNotMounted(String name) {
        try (Fd there = FilesAt.open(directory, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0)) {
            if (Stat.of(there).mountId() != Stat.of(directory).mountId()) {
                throw new ErrnoException(Errno.EBUSY, "replace " + name + ", which is a mount point");
            }
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    /** Removes what is still there under the temporary name. */
    void remove() {
        try {
            FilesAt.unlink(directory, temporary);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
