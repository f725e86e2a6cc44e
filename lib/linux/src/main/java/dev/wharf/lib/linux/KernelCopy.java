package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.util.OptionalLong;

/**
 * Moving bytes between descriptors without bringing them here.
 *
 * <p>Each call moves from and to the current positions, may move less than asked for, and answers 0 at the end of the
 * source. All can block as reads and writes do.
 */
public final class KernelCopy {
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;

    /** Bytes asked for at once, so that one call ends within a moment. */
    private static final long CHUNK = 1L << 26;

    private KernelCopy() {}

    /**
     * From file to file; the file system may share the blocks instead. EXDEV and EINVAL tell that it cannot here, then
     * {@link #sendfile} can. Source: copy_file_range(2).
     */
    public static long copyFileRange(Fd from, Fd to, long length) {
        long result = Syscall.COPY_FILE_RANGE.call(from.number(), 0, to.number(), 0, length, 0);
        return check(result, "copy_file_range", from, "to", to);
    }

    /** From a file to anything. Source: sendfile(2). */
    public static long sendfile(Fd from, Fd to, long length) {
        return check(Syscall.SENDFILE.call(to.number(), from.number(), 0, length), "sendfile", from, "to", to);
    }

    /** Between a pipe and anything. Source: splice(2). */
    public static long splice(Fd from, Fd to, long length) {
        return check(splice(from, to, length, SPLICE_F_MOVE), "splice", from, "to", to);
    }

    /** The same without waiting for the pipe; empty when it has nothing, or no room, now. */
    public static OptionalLong trySplice(Fd from, Fd to, long length) {
        long result = splice(from, to, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (result == -Errno.EAGAIN.number()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(check(result, "splice", from, "to", to));
    }

    /** Copies the rest of a file to another one, by the quickest way that works for the two. */
    public static void copyAll(Fd from, Fd to) {
        boolean ranges = true;
        while (true) {
            long moved;
            try {
                moved = ranges ? copyFileRange(from, to, CHUNK) : sendfile(from, to, CHUNK);
            } catch (ErrnoException e) {
                if (!ranges || !isUnsupported(e)) {
                    throw e;
                }
                ranges = false;
                continue;
            }
            if (moved == 0) {
                return;
            }
        }
    }

    private static long splice(Fd from, Fd to, long length, int flags) {
        return Syscall.SPLICE.call(from.number(), 0, to.number(), 0, length, flags);
    }

    private static boolean isUnsupported(ErrnoException e) {
        return e.is(Errno.EXDEV) || e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS);
    }
}
