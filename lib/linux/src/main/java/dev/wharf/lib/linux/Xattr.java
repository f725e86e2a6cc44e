package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Extended attributes: named binary values of files. Source: xattr(7).
 *
 * <p>By path, a symbolic link is not followed. By descriptor, one opened by O_PATH works too, by way of /proc, though not
 * for a symbolic link: name that by path below {@link Fd#procPath()} of its directory.
 */
public final class Xattr {
    /** {@link #set}: fail with EEXIST when it is there. */
    public static final int CREATE = 1;

    /** {@link #set}: fail with ENODATA when it is not there. */
    public static final int REPLACE = 2;

    /** Bound of a value and of a list of names in the kernel (XATTR_SIZE_MAX, XATTR_LIST_MAX). */
    private static final int MAX_SIZE = 1 << 16;

    /** A first try that is large enough for nearly all. */
    private static final int USUAL_SIZE = 512;

    private Xattr() {}

    /** The value of an attribute; empty when there is none, or the file system keeps none. */
    public static Optional<byte[]> get(Path path, String name) {
        return get(path.toString(), Syscall.LGETXATTR, name);
    }

    /** The value of an attribute; empty when there is none, or the file system keeps none. */
    public static Optional<byte[]> get(Fd fd, String name) {
        return get(target(fd), Syscall.GETXATTR, name);
    }

    /** Sets an attribute; flags are {@link #CREATE}, {@link #REPLACE} or 0 for either. */
    public static void set(Path path, String name, byte[] value, int flags) {
        set(path.toString(), Syscall.LSETXATTR, name, value, flags);
    }

    /** Sets an attribute; flags are {@link #CREATE}, {@link #REPLACE} or 0 for either. */
    public static void set(Fd fd, String name, byte[] value, int flags) {
        set(target(fd), Syscall.SETXATTR, name, value, flags);
    }

    /** The names of all attributes the caller may see; none when the file system keeps none. */
    public static List<String> list(Path path) {
        return list(path.toString(), Syscall.LLISTXATTR);
    }

    /** The names of all attributes the caller may see; none when the file system keeps none. */
    public static List<String> list(Fd fd) {
        return list(target(fd), Syscall.LISTXATTR);
    }

    /** Removes an attribute; ENODATA when there is none. */
    public static void remove(Path path, String name) {
        remove(path.toString(), Syscall.LREMOVEXATTR, name);
    }

    /** Removes an attribute; ENODATA when there is none. */
    public static void remove(Fd fd, String name) {
        remove(target(fd), Syscall.REMOVEXATTR, name);
    }

    /** The f-variants refuse O_PATH descriptors; the path of the descriptor in /proc serves both kinds. */
    private static String target(Fd fd) {
        return fd.procPath().toString();
    }

    private static Optional<byte[]> get(String path, Syscall call, String name) {
        for (int size = USUAL_SIZE; ; size = MAX_SIZE) {
            try (Arena arena = Arena.ofConfined()) {
                long file = Memory.string(arena, path).address();
                MemorySegment value = arena.allocate(size);
                long length = call.call(file, Memory.string(arena, name).address(), value.address(), size);
                if (isTooSmall(length, size)) {
                    continue;
                }
                if (isAbsent(length)) {
                    return Optional.empty();
                }
                return Optional.of(Memory.toArray(value, check(length, "getxattr", name, "of", path)));
            }
        }
    }

    private static void set(String path, Syscall call, String name, byte[] value, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long file = Memory.string(arena, path).address();
            long attribute = Memory.string(arena, name).address();
            long bytes = Memory.bytes(arena, value).address();
            check(call.call(file, attribute, bytes, value.length, flags), "setxattr", name, "of", path);
        }
    }

    private static List<String> list(String path, Syscall call) {
        for (int size = USUAL_SIZE; ; size = MAX_SIZE) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment names = arena.allocate(size);
                long length = call.call(Memory.string(arena, path).address(), names.address(), size);
                if (isTooSmall(length, size)) {
                    continue;
                }
                if (isAbsent(length)) {
                    return List.of();
                }
                return split(Memory.toArray(names, check(length, "listxattr", path)));
            }
        }
    }

    private static List<String> split(byte[] names) {
        return Arrays.stream(new String(names, StandardCharsets.UTF_8).split("\0"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static void remove(String path, Syscall call, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long file = Memory.string(arena, path).address();
            check(call.call(file, Memory.string(arena, name).address()), "removexattr", name, "of", path);
        }
    }

    private static boolean isTooSmall(long result, int size) {
        return result == -Errno.ERANGE.number() && size < MAX_SIZE;
    }

    private static boolean isAbsent(long result) {
        return result == -Errno.ENODATA.number() || result == -Errno.EOPNOTSUPP.number();
    }
}
