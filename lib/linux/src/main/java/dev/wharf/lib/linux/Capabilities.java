package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Capabilities of the calling thread. Source: capget(2). */
final class Capabilities {
    private static final int VERSION_3 = 0x20080522;

    /** Two structures of three numbers: effective, permitted, inheritable; the lower 32 capabilities first. */
    private static final int NUMBERS = 6;

    private Capabilities() {}

    /** Makes all capabilities effective that the thread may have. */
    static void raise() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(JAVA_INT, 2);
            header.setAtIndex(JAVA_INT, 0, VERSION_3);
            MemorySegment data = arena.allocate(JAVA_INT, NUMBERS);
            check(Syscall.CAPGET.call(header.address(), data.address()), "capget");
            data.setAtIndex(JAVA_INT, 0, data.getAtIndex(JAVA_INT, 1));
            data.setAtIndex(JAVA_INT, 3, data.getAtIndex(JAVA_INT, 4));
            check(Syscall.CAPSET.call(header.address(), data.address()), "capset");
        }
    }
}
