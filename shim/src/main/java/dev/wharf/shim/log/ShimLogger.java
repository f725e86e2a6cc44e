package dev.wharf.shim.log;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger of slf4j that writes to {@link ShimLog}. */
final class ShimLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    ShimLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return ShimLog.enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return ShimLog.enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return ShimLog.enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return ShimLog.enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return ShimLog.enabled(Level.ERROR);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String text = Objects.requireNonNullElse(MessageFormatter.basicArrayFormat(message, arguments), "");
        ShimLog.write(level, text, thrown == null ? "" : LogText.field("error", LogText.explain(thrown)));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
