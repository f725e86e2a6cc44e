package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Opening a path below a directory with the kernel's guard against leaving it. Source: openat2(2).
 *
 * <p>EXDEV tells that the path would have left the directory, ELOOP that a forbidden link was met, EAGAIN (retried here
 * a bounded number of times) that a rename next to it made the answer uncertain.
 */
public final class OpenAt2 {
    /** Do not cross into another mount. */
    public static final int RESOLVE_NO_XDEV = 0x01;

    /** Do not follow the links of /proc that lead to open files. */
    public static final int RESOLVE_NO_MAGICLINKS = 0x02;

    /** Do not follow any symbolic link, on the way or at the end. */
    public static final int RESOLVE_NO_SYMLINKS = 0x04;

    /** Refuse a path that leaves the directory, an absolute one too. */
    public static final int RESOLVE_BENEATH = 0x08;

    /** Take the directory as root: absolute paths and links, and {@code ..}, stay within it. */
    public static final int RESOLVE_IN_ROOT = 0x10;

    private static final int ATTEMPTS = 128;

    private OpenAt2() {}

    /**
     * Opens a path. Can block on a fifo without {@link OpenFlags#O_NONBLOCK}.
     *
     * @param flags of {@link OpenFlags}; close-on-exec is added
     * @param mode of a file that is created; 0 unless O_CREAT or O_TMPFILE is given
     * @param resolve {@code RESOLVE_*} together
     */
    public static Fd open(Fd dir, String path, int flags, int mode, int resolve) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(ValueLayout.JAVA_LONG, 3);
            how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags | OpenFlags.O_CLOEXEC);
            how.setAtIndex(ValueLayout.JAVA_LONG, 1, mode);
            how.setAtIndex(ValueLayout.JAVA_LONG, 2, resolve);
            MemorySegment name = Memory.string(arena, path);
            long result = -Errno.EAGAIN.number();
            for (int i = 0; i < ATTEMPTS && result == -Errno.EAGAIN.number(); i++) {
                result = Syscall.OPENAT2.call(dir.number(), name.address(), how.address(), how.byteSize());
            }
            return Fd.adopt(check(result, "openat2", path, "below", dir));
        }
    }

    /** Opens a directory within a root as a starting point for {@link FilesAt}. */
    public static Fd directoryInRoot(Fd root, String path) {
        return open(root, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }
}
