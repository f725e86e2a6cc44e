package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opening what a process writes to. */
final class StreamTarget {
    private static final int FILE_MODE = 0644;

    private StreamTarget() {}

    /**
     * What a process is to write to: a client's fifo, or a file to append to.
     *
     * <p>A fifo is opened for both directions: that waits for no reader, and whoever writes to it is a reader itself, so
     * that no SIGPIPE comes when the client is gone; the client sees the end when the last process has closed it.
     *
     * @param uid whom to give a fifo to, so that the process can open it by name again; 0 leaves it
     * @param gid group likewise
     */
    static EngineStreams.Stream of(Path path, int uid, int gid) {
        if (Stat.of(path).type() != FileType.FIFO) {
            return new EngineStreams.Stream.Given(
                    Fd.open(path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_NOCTTY));
        }
        if (uid != 0 || gid != 0) {
            try (Fd fifo = Fd.open(path, OpenFlags.O_PATH)) {
                FilesAt.chown(fifo, "", uid, gid, OpenFlags.AT_EMPTY_PATH);
            }
        }
        return new EngineStreams.Stream.Opened(path);
    }

    static void close(EngineStreams.Stream stream) {
        if (stream instanceof EngineStreams.Stream.Given(Fd fd)) {
            fd.close();
        }
    }

    /** Opens a log file to append to, which is made with its directories when it is not there. */
    static EngineStreams.Stream ofLog(Path path) {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directory of " + path, e);
        }
        return new EngineStreams.Stream.Given(
                Fd.open(path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_CREAT, FILE_MODE));
    }
}
