package dev.wharf.shim.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOP_FallbackServiceProvider;

/**
 * Makes slf4j log through {@link ShimLogger}; slf4j finds it by its service file or the property slf4j.provider.
 *
 * <p>All but the loggers is as slf4j has it where nobody provides anything: plain markers and no context of threads.
 */
public final class ShimLogProvider extends NOP_FallbackServiceProvider {
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, ShimLogger::new);
    }
}
