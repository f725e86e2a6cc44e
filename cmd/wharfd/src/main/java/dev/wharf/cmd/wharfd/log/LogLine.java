package dev.wharf.cmd.wharfd.log;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One line of the log: its parts put together as text or JSON. Source: contract 4, "Log format". */
final class LogLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A named value of a line. */
    record Field(String key, String value) {}

    private LogLine() {}

    /** Writes a line. A log that cannot be written has nowhere to say so. */
    static void write(
            LogSettings settings, Level level, String message, List<Field> fields, @Nullable Throwable thrown) {
        List<Field> all = new ArrayList<>(fields);
        if (thrown != null) {
            all.add(new Field("error", explain(thrown)));
        }
        if (thrown != null && showsTrace(settings, thrown)) {
            all.add(new Field("stack", trace(thrown)));
        }
        String line = settings.json() ? json(level, message, all) : text(level, message, all);
        try {
            settings.out().write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            return;
        }
    }

    /** A bug is shown whole; what wharf itself throws on purpose only when asked to debug. */
    private static boolean showsTrace(LogSettings settings, Throwable thrown) {
        return settings.threshold() <= Level.DEBUG.toInt()
                || thrown instanceof Error
                || thrown.getClass().getPackageName().equals("java.lang");
    }

    private static String explain(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || thrown.getClass().getName().startsWith("java.") ? thrown.toString() : message;
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String name(Level level) {
        return switch (level) {
            case WARN -> "warning";
            case ERROR, INFO, DEBUG, TRACE -> level.name().toLowerCase(Locale.ROOT);
        };
    }

    static String text(Level level, String message, List<Field> fields) {
        StringBuilder line =
                new StringBuilder("time=\"").append(TIME.format(Instant.now())).append("\" level=");
        line.append(name(level)).append(" msg=").append(quoted(message));
        for (Field field : fields) {
            line.append(' ').append(field.key()).append('=');
            line.append(isBare(field.value()) ? field.value() : quoted(field.value()));
        }
        return line.append('\n').toString();
    }

    static String json(Level level, String message, List<Field> fields) {
        StringBuilder line = new StringBuilder("{");
        for (Field field : fields) {
            line.append(quoted(field.key()))
                    .append(':')
                    .append(quoted(field.value()))
                    .append(',');
        }
        line.append("\"level\":\"").append(name(level)).append("\",\"msg\":").append(quoted(message));
        return line.append(",\"time\":\"")
                .append(TIME.format(Instant.now()))
                .append("\"}\n")
                .toString();
    }

    /** Which values containerd leaves unquoted. */
    private static boolean isBare(String value) {
        return !value.isEmpty()
                && value.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || "-._/@^+".indexOf(c) >= 0);
    }

    /** A JSON string, which Go's quoting agrees with for all that occurs. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    static String value(@Nullable Object value) {
        return Objects.toString(value);
    }
}
