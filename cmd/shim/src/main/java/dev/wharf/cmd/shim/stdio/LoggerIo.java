package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.lib.linux.Fd;
import java.util.HashMap;
import java.util.Map;

/** Streams that end in a {@link Logger}, beside those given. */
final class LoggerIo implements ProcessIo {
    static final String LOGGER = "logger";

    private final ProcessIo streams;
    private final Logger logger;

    LoggerIo(ProcessIo streams, Logger logger) {
        this.streams = streams;
        this.logger = logger;
    }

    @Override
    public EngineStreams streams() {
        return streams.streams();
    }

    @Override
    public void started() {
        streams.started();
    }

    @Override
    public java.util.Optional<java.nio.file.Path> console() {
        return streams.console();
    }

    @Override
    public void resize(dev.wharf.lib.linux.WindowSize size) {
        streams.resize(size);
    }

    @Override
    public void ended() {
        streams.ended();
    }

    @Override
    public boolean awaitDrained(java.time.Duration timeout) throws InterruptedException {
        return streams.awaitDrained(timeout);
    }

    @Override
    public String stdinName() {
        return streams.stdinName();
    }

    @Override
    public void closeStdin() {
        streams.closeStdin();
    }

    @Override
    public void onRelease(java.util.function.Consumer<String> listener) {
        streams.onRelease(listener);
    }

    @Override
    public Map<String, Fd> lasting() {
        Map<String, Fd> lasting = new HashMap<>(streams.lasting());
        lasting.put(LOGGER, logger.descriptor());
        return lasting;
    }

    /** Also ends the logger; blocks while it finishes. */
    @Override
    public void close() {
        streams.close();
        logger.close();
    }
}
