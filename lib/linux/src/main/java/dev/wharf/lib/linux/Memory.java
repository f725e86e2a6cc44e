package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Native memory in the shapes C functions take: terminated strings and arrays of them. */
final class Memory {
    private Memory() {}

    /** The string as its terminated bytes; refuses an inner NUL, which would silently cut a path short. */
    static MemorySegment string(Arena arena, String value) {
        byte[] bytes = FileNames.encode(value);
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("string contains a NUL byte: " + value.replace('\0', '?'));
            }
        }
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    /** The strings as a terminated array of pointers, the shape of argv and envp. */
    static MemorySegment strings(Arena arena, List<String> values) {
        MemorySegment array = arena.allocate(ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) {
            array.setAtIndex(ADDRESS, i, string(arena, values.get(i)));
        }
        return array;
    }

    /** The bytes copied into native memory. */
    static MemorySegment bytes(Arena arena, byte[] value) {
        return arena.allocateFrom(JAVA_BYTE, value);
    }

    /** The first bytes of the segment as an array. */
    static byte[] toArray(MemorySegment segment, long length) {
        return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The name in the first bytes of the segment. */
    static String toName(MemorySegment segment, long length) {
        return FileNames.decode(toArray(segment, length));
    }
}
