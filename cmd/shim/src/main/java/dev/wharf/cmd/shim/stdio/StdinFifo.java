package dev.wharf.cmd.shim.stdio;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Standard input from a client's fifo: the end the process reads, and one for writing that is kept so that the fifo does
 * not end when a client leaves.
 *
 * @param reader for the process; blocking
 * @param keeper kept until standard input is to end; empty for what is no fifo
 */
record StdinFifo(Fd reader, Optional<Fd> keeper) implements AutoCloseable {
    /** Opens both ends without waiting for a client. */
    static StdinFifo open(Path path) {
        Fd reader = Fd.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY);
        try {
            StdinFifo stdin = new StdinFifo(reader, keeper(path, reader));
            Fcntl.setNonBlocking(reader, false);
            return stdin;
        } catch (ErrnoException e) {
            reader.close();
            throw e;
        }
    }

    private static Optional<Fd> keeper(Path path, Fd reader) {
        return Stat.of(reader).type() == FileType.FIFO
                ? Optional.of(Fd.open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK))
                : Optional.empty();
    }

    /** Gives up both ends. */
    @Override
    public void close() {
        reader.close();
        keeper.ifPresent(Fd::close);
    }

    static boolean isGone(ErrnoException e) {
        return e.is(Errno.ENOENT) || e.is(Errno.ENXIO);
    }
}
