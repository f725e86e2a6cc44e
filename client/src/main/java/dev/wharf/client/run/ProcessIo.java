package dev.wharf.client.run;

import dev.wharf.core.runtime.TaskIo;

/**
 * Where one process reads from and writes to, from before it is created until after it has ended.
 *
 * <p>Order of calls: {@link #task}, {@link #created} for the first process of a container, then, once the process runs, {@link #started}, {@link #drain} when it has ended, and
 * {@link #close} in any case.
 */
public interface ProcessIo extends AutoCloseable {
    /** What the daemon is told. */
    TaskIo task();

    /** The process is created and waits: its terminal, if it has one, can get its size before anything is printed. */
    default void created(ProcessControl process) {}

    /** The process runs: begins to copy, and to pass on signals and sizes. */
    default void started(ProcessControl process) {}

    /** The process has ended: returns when all it wrote has been copied. */
    default void drain() {}

    /** Gives everything back; the terminal its mode. */
    @Override
    default void close() {}

    /** For a process nobody stays with: output to a URI ({@code file://}, {@code binary://}), or nowhere if empty. */
    static ProcessIo detached(String logUri) {
        TaskIo io = new TaskIo("", logUri, logUri, false);
        return () -> io;
    }

    /** Makes the I/O of a process. */
    @FunctionalInterface
    interface Factory {
        /** Makes it for the process of this id; {@code terminal} is whether it has one. */
        ProcessIo open(String id, boolean terminal);
    }
}
