package dev.wharf.shim.log;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Forms lines as Go's shims do: {@code time="…" level=info msg="…"}. */
final class LogText {
    private static final int MAX_LENGTH = 16 << 10;

    private LogText() {}

    /** One line with its end, cut at 16 KiB of message. */
    static String line(Instant time, Level level, String message, String fields) {
        StringBuilder line = new StringBuilder("time=\"").append(time).append("\" level=");
        line.append(level == Level.WARN ? "warning" : level.name().toLowerCase(Locale.ROOT))
                .append(" msg=");
        quote(line, message.length() > MAX_LENGTH ? message.substring(0, MAX_LENGTH) : message);
        return line.append(fields).append('\n').toString();
    }

    /** A field behind a message. */
    static String field(String key, String value) {
        StringBuilder field = new StringBuilder(" ").append(key).append('=');
        quote(field, value);
        return field.toString();
    }

    /** What an exception says, with its causes and, for a fault of the program, where. */
    static String explain(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        for (@Nullable Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append("; caused by ").append(cause);
        }
        for (StackTraceElement element : thrown.getStackTrace()) {
            text.append("\n\tat ").append(element);
        }
        return text.toString();
    }

    private static void quote(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                default -> line.append(c < ' ' || c == 0x7f ? '?' : c);
            }
        }
        line.append('"');
    }
}
