package dev.wharf.cmd.wharfd.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger of slf4j that writes lines as {@link LogLine} forms them. */
final class StderrLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    /** Netty's server warns of SO_KEEPALIVE, which gRPC asks for and unix sockets lack, at every connection. */
    private static final String NOISY = "io.netty.bootstrap.ServerBootstrap";

    private final int floor;

    StderrLogger(String name) {
        this.name = name;
        floor = floor(name);
    }

    /** Libraries narrate; only their warnings matter here. */
    private static int floor(String name) {
        if (name.equals(NOISY)) {
            return Level.ERROR.toInt();
        }
        return name.startsWith("dev.wharf.") ? Level.TRACE.toInt() : Level.WARN.toInt();
    }

    private boolean enabled(Level level) {
        return level.toInt() >= Math.max(floor, LogSettings.current().threshold());
    }

    @Override
    public boolean isTraceEnabled() {
        return enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return enabled(Level.ERROR);
    }

    @Override
    public void log(LoggingEvent event) {
        List<LogLine.Field> fields = new ArrayList<>();
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> fields.add(new LogLine.Field(pair.key, LogLine.value(pair.value))));
        }
        write(event.getLevel(), event.getMessage(), event.getArgumentArray(), fields, event.getThrowable());
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        write(level, message, arguments, List.of(), thrown);
    }

    private static void write(
            Level level,
            @Nullable String message,
            Object @Nullable [] arguments,
            List<LogLine.Field> fields,
            @Nullable Throwable thrown) {
        String text = MessageFormatter.basicArrayFormat(message, arguments);
        LogLine.write(LogSettings.current(), level, Objects.requireNonNullElse(text, ""), fields, thrown);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
