package dev.wharf.cmd.wharfd.config;

import java.util.List;

/**
 * {@code [debug]}: what is logged, and how.
 *
 * @param level trace, debug, info, warn, error, fatal or panic; empty for info
 * @param format text or json; empty for text
 * @param traceId whether lines carry the trace id; nothing traces yet, so that it has no effect
 */
public record LogConfig(String level, String format, boolean traceId) {
    /** The levels there are, from the most talkative on; empty stands for info. */
    public static final List<String> LEVELS =
            List.of("", "trace", "debug", "info", "warn", "warning", "error", "fatal", "panic");

    static LogConfig read(Section section) {
        return new LogConfig(
                section.choice("level", "", LEVELS),
                section.choice("format", "", List.of("", "text", "json")),
                section.flag("log_trace_id", false));
    }
}
