package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** struct sockaddr_un. Source: unix(7). */
final class UnixAddress {
    static final int AF_UNIX = 1;

    /** Room for a path and its terminator. */
    private static final int PATH_SIZE = 108;

    private static final int HEADER = 2;

    private UnixAddress() {}

    /** Room for any address and a terminator. */
    static MemorySegment empty(Arena arena) {
        return arena.allocate(HEADER + PATH_SIZE + 1, Short.BYTES);
    }

    /** The path in what a system call has filled; empty for an abstract name or none. */
    static Optional<String> path(MemorySegment address, int length) {
        return length <= HEADER || address.get(JAVA_BYTE, HEADER) == 0
                ? Optional.empty()
                : Optional.of(address.getString(HEADER));
    }

    /**
     * The address of a path, or of an abstract name when it starts with {@code @}. The size of the segment is the length
     * system calls take, which counts for abstract names.
     */
    static MemorySegment of(Arena arena, String path) {
        boolean isAbstract = path.startsWith("@");
        MemorySegment name = Memory.string(arena, isAbstract ? path.substring(1) : path);
        long length = isAbstract ? name.byteSize() - 1 : name.byteSize();
        if (length + (isAbstract ? 1 : 0) > PATH_SIZE) {
            throw new ErrnoException(Errno.ENAMETOOLONG.number(), "socket address " + path, "107 bytes fit");
        }
        int start = isAbstract ? HEADER + 1 : HEADER;
        MemorySegment address = arena.allocate(start + length, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, JAVA_BYTE, 0, address, JAVA_BYTE, start, length);
        return address;
    }
}
