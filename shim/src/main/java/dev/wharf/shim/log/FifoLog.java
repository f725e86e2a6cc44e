package dev.wharf.shim.log;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.Stat;
import dev.wharf.shim.BundleLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Writes the log of a bundle into its fifo. This process holds both ends, so that a daemon that restarts reads what was
 * said meanwhile and no write raises SIGPIPE; what finds no room is dropped. Without a fifo, lines go to the process's
 * log.
 */
public final class FifoLog implements BundleLog {
    /** Longer writes to a pipe could be cut into pieces among others'. */
    private static final int MAX_WRITE = 4096;

    private final Clock clock;
    private final String fields;
    private final boolean debug;

    /** Guards {@link #fifo} against being closed while it is written, which never waits. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Fd fifo;

    private FifoLog(Clock clock, String fields, boolean debug, @Nullable Fd fifo) {
        this.clock = clock;
        this.fields = fields;
        this.debug = debug;
        this.fifo = fifo;
    }

    /** The log of a bundle; the runtime's name is told with each line. */
    public static FifoLog open(Path bundle, String runtime, boolean debug, Clock clock) {
        String fields = LogText.field("runtime", runtime) + LogText.field("bundle", bundle.toString());
        return new FifoLog(clock, fields, debug, fifo(bundle.resolve("log")));
    }

    private static @Nullable Fd fifo(Path path) {
        try {
            if (Stat.ofLink(path).type() != FileType.FIFO) {
                return null;
            }
            Fd fifo = Fifo.openBoth(path);
            Fcntl.setNonBlocking(fifo, true);
            return fifo;
        } catch (ErrnoException none) {
            return null;
        }
    }

    @Override
    public void debug(String message) {
        if (debug) {
            write(Level.DEBUG, message);
        }
    }

    @Override
    public void info(String message) {
        write(Level.INFO, message);
    }

    @Override
    public void warn(String message) {
        write(Level.WARN, message);
    }

    @Override
    public void error(String message) {
        write(Level.ERROR, message);
    }

    private void write(Level level, String message) {
        byte[] line = LogText.line(clock.instant(), level, message, fields).getBytes(StandardCharsets.UTF_8);
        if (!toFifo(line)) {
            ShimLog.write(level, message, fields);
        }
    }

    /** Writes what there is room for; tells whether there is a fifo. */
    private boolean toFifo(byte[] line) {
        lock.lock();
        try {
            if (fifo == null) {
                return false;
            }
            int length = Math.min(line.length, MAX_WRITE);
            line[length - 1] = '\n';
            OptionalInt ignored = FileIo.tryWrite(fifo, line, 0, length);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (fifo != null) {
                fifo.close();
                fifo = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
