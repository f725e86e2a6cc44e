package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;

/** Files without a place, in memory. Source: memfd_create(2). */
public final class MemoryFile {
    private static final int MFD_CLOEXEC = 1;

    private MemoryFile() {}

    /** Makes an empty file; the name only shows in /proc. */
    public static Fd create(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.MEMFD_CREATE.call(Memory.string(arena, name).address(), MFD_CLOEXEC);
            return Fd.adopt(check(result, "memfd_create", name));
        }
    }
}
