package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The two ends of an unnamed pipe. Source: pipe(2).
 *
 * @param reader reading end
 * @param writer writing end
 */
public record Pipe(Fd reader, Fd writer) implements AutoCloseable {
    /** Makes a pipe whose ends block. */
    public static Pipe create() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            check(Syscall.PIPE2.call(ends.address(), OpenFlags.O_CLOEXEC), "pipe");
            return new Pipe(Fd.adopt(ends.getAtIndex(JAVA_INT, 0)), Fd.adopt(ends.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** Closes both ends, those that are still open. */
    @Override
    public void close() {
        try (reader) {
            writer.close();
        }
    }
}
