package dev.wharf.core.runtime;

/**
 * Where a process reads from and writes to.
 *
 * @param stdin path of a FIFO, or empty
 * @param stdout path or URI ({@code fifo}, {@code file}, {@code binary}, …), or empty
 * @param stderr as stdout; empty with a terminal
 * @param terminal whether the process has a terminal
 */
public record TaskIo(String stdin, String stdout, String stderr, boolean terminal) {
    /** No input and no output. */
    public static final TaskIo NONE = new TaskIo("", "", "", false);
}
