package dev.wharf.shim.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Where the loggers of this process write, and from which severity on. At first, as for the actions that end soon,
 * warnings go to standard error.
 */
public final class ShimLog {
    private static volatile ShimLog current = new ShimLog(null, Level.WARN);

    private final @Nullable LogFile file;
    private final Level least;

    private ShimLog(@Nullable LogFile file, Level least) {
        this.file = file;
        this.least = least;
    }

    /** Writes to a file from now on. */
    public static void use(Path file, boolean debug) throws IOException {
        current = new ShimLog(new LogFile(file), debug ? Level.DEBUG : Level.INFO);
    }

    /** Writes from this severity on to standard error. */
    public static void useStandardError(boolean debug) {
        current = new ShimLog(null, debug ? Level.DEBUG : Level.WARN);
    }

    static boolean enabled(Level level) {
        return level.toInt() >= current.least.toInt();
    }

    static void write(Level level, String message, String fields) {
        String line = LogText.line(Clock.systemUTC().instant(), level, message, fields);
        LogFile file = current.file;
        if (file == null) {
            System.err.print(line);
        } else {
            file.write(line);
        }
    }
}
