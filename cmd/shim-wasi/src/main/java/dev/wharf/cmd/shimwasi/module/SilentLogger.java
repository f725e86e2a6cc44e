package dev.wharf.cmd.shimwasi.module;

import com.dylibso.chicory.log.Logger;
import org.jspecify.annotations.Nullable;

/** Takes no log of single calls: a module's thread must not log where others wait for the log. */
final class SilentLogger implements Logger {
    @Override
    public void log(Level level, String message, @Nullable Throwable thrown) {}

    @Override
    public boolean isLoggable(Level level) {
        return false;
    }
}
