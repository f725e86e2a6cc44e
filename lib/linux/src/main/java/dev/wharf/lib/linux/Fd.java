package dev.wharf.lib.linux;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor and its only owner.
 *
 * <p>Descriptors are close-on-exec from the start. Closing twice is allowed and does nothing the second time; use after
 * closing fails with {@link IllegalStateException}. Closing while another thread is inside a call on the same
 * descriptor is the caller's mistake, as the kernel may hand the number out again.
 */
public final class Fd implements AutoCloseable {
    /** Stands for the working directory of the process where a directory is asked for; cannot be closed. */
    public static final Fd CWD = new Fd(-100, false);

    /** Standard input of this process; closing this object leaves it open. */
    public static final Fd STDIN = new Fd(0, false);

    /** Standard output of this process; closing this object leaves it open. */
    public static final Fd STDOUT = new Fd(1, false);

    /** Standard error of this process; closing this object leaves it open. */
    public static final Fd STDERR = new Fd(2, false);

    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final boolean owned;

    private Fd(int number, boolean owned) {
        this.number = new AtomicInteger(number);
        this.owned = owned;
    }

    /** Takes over an open descriptor, which the new object closes from now on. */
    public static Fd adopt(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        return new Fd(number, true);
    }

    /** Takes over the descriptor a checked system call returned. */
    static Fd adopt(long result) {
        return adopt(Math.toIntExact(result));
    }

    /**
     * Opens a file. Can block on a fifo without {@link OpenFlags#O_NONBLOCK}. Source: open(2).
     *
     * @param flags of {@link OpenFlags}; close-on-exec is added
     * @param mode of a file that is created, before the umask
     */
    public static Fd open(Path path, int flags, int mode) {
        return FilesAt.open(CWD, path.toString(), flags, mode);
    }

    /** Opens an existing file. */
    public static Fd open(Path path, int flags) {
        return open(path, flags, 0);
    }

    /** Opens a directory as a starting point for {@link FilesAt}, without the right to read it. */
    public static Fd directory(Path path) {
        return open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    }

    /** The number in the table of this process. */
    public int number() {
        int current = number.get();
        if (current == CLOSED) {
            throw new IllegalStateException("descriptor is closed");
        }
        return current;
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return number.get() == CLOSED;
    }

    /** The path by which this process reaches the open file itself. Source: proc_pid_fd(5). */
    public Path procPath() {
        return Path.of("/proc/self/fd/" + number());
    }

    /** A second descriptor for the same open file. Source: dup(2). */
    public Fd duplicate() {
        return Fcntl.duplicate(this, 0);
    }

    /** Gives up ownership: the caller has to close the number. */
    public int release() {
        int released = number();
        if (owned && !number.compareAndSet(released, CLOSED)) {
            throw new IllegalStateException("descriptor is closed");
        }
        return released;
    }

    /**
     * Closes the descriptor; can block while a network or fuse file system writes back.
     *
     * <p>Linux frees the number whatever the result is, so there is no second try. EIO and EDQUOT are reported because
     * written data was lost. Source: close(2).
     */
    @Override
    public void close() {
        if (!owned) {
            return;
        }
        int closing = number.getAndSet(CLOSED);
        if (closing == CLOSED) {
            return;
        }
        long result = Syscall.CLOSE.once(closing, 0, 0, 0, 0, 0);
        if (result < 0 && result != -Errno.EINTR.number()) {
            throw ErrnoException.of(result, "close", closing);
        }
    }

    @Override
    public String toString() {
        int current = number.get();
        if (this == CWD) {
            return "cwd";
        }
        return current == CLOSED ? "fd closed" : "fd " + current;
    }
}
