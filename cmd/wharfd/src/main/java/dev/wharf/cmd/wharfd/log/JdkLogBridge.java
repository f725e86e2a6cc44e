package dev.wharf.cmd.wharfd.log;

import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes over what libraries (gRPC) log by java.util.logging: warnings and errors only. */
final class JdkLogBridge extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    static void install() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new JdkLogBridge());
    }

    @Override
    public void publish(LogRecord entry) {
        boolean error = entry.getLevel().intValue() >= Level.SEVERE.intValue();
        org.slf4j.event.Level level = error ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN;
        LogSettings settings = LogSettings.current();
        if (level.toInt() >= settings.threshold()) {
            LogLine.write(
                    settings,
                    level,
                    Objects.requireNonNullElse(formatter.formatMessage(entry), ""),
                    List.of(new LogLine.Field("logger", Objects.requireNonNullElse(entry.getLoggerName(), ""))),
                    entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
