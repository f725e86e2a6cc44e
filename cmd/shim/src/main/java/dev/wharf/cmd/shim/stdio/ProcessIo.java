package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.WindowSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The standard streams of one process, from before it is started until it is removed.
 *
 * <p>{@link #streams} and {@link #console} are for the engine; then {@link #started} once it has started the process, or
 * {@link #close} when it failed.
 */
public interface ProcessIo extends AutoCloseable {
    /** No streams at all. */
    ProcessIo NONE = new ProcessIo() {};

    /** What the engine hands to the process. */
    default EngineStreams streams() {
        return EngineStreams.NONE;
    }

    /** The socket on which the engine delivers a terminal. */
    default Optional<Path> console() {
        return Optional.empty();
    }

    /** Name of {@link #lasting} for the socket on which the engine delivers a terminal, until it has. */
    String CONSOLE = "console";

    /** Gives up what only the process needs, and takes the terminal from the engine. Blocks a moment. */
    default void started() {}

    /** Closes what keeps standard input from its end while clients come and go. */
    default void closeStdin() {}

    /** Under which name of {@link #lasting} that is. */
    default String stdinName() {
        return DirectIo.STDIN;
    }

    /** Sets the size of the terminal; nothing without one. */
    default void resize(WindowSize size) {}

    /** Says that the process has ended, so that output ends with what is there now. */
    default void ended() {}

    /** Waits until all output has gone where it belongs; false when the time was over before. */
    default boolean awaitDrained(Duration timeout) throws InterruptedException {
        return true;
    }

    /** Asks to be told, on any thread, when one of the lasting descriptors by its name is given up. */
    default void onRelease(Consumer<String> listener) {}

    /** The descriptors by name without which the streams cannot go on in another process of this program. */
    default Map<String, Fd> lasting() {
        return Map.of();
    }

    /** Gives up everything. */
    @Override
    default void close() {}
}
