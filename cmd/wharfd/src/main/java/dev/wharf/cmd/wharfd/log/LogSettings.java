package dev.wharf.cmd.wharfd.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * What of the log can be chosen; one for the process, as loggers are.
 *
 * @param threshold the least severity written, as {@link Level#toInt}; {@link #NOTHING} for none at all
 * @param json whether lines are JSON objects
 * @param out where lines go; each is one write
 */
public record LogSettings(int threshold, boolean json, OutputStream out) {
    /** Above all levels of slf4j: containerd's fatal and panic. */
    public static final int NOTHING = Level.ERROR.toInt() + 1;

    private static final Map<String, Integer> LEVELS = Map.of(
            "trace", Level.TRACE.toInt(),
            "debug", Level.DEBUG.toInt(),
            "info", Level.INFO.toInt(),
            "warn", Level.WARN.toInt(),
            "warning", Level.WARN.toInt(),
            "error", Level.ERROR.toInt(),
            "fatal", NOTHING,
            "panic", NOTHING);

    private static volatile LogSettings current =
            new LogSettings(Level.INFO.toInt(), false, new FileOutputStream(FileDescriptor.err));

    /** Sets level and form by containerd's names; empty or unknown stands for info and text. */
    public static void use(String level, String format) {
        use(new LogSettings(LEVELS.getOrDefault(level, Level.INFO.toInt()), format.equals("json"), current.out()));
    }

    static void use(LogSettings settings) {
        current = settings;
    }

    static LogSettings current() {
        return current;
    }
}
