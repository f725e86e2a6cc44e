package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

/** Properties of open descriptors: duplicates, status flags, pipe size, advisory locks. Source: fcntl(2), flock(2). */
public final class Fcntl {
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int F_ADD_SEALS = 1033;
    private static final int FD_CLOEXEC = 1;
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    private Fcntl() {}

    /** A second descriptor for the same open file with the lowest free number that is at least {@code minimum}. */
    public static Fd duplicate(Fd fd, int minimum) {
        return Fd.adopt(fcntl(fd, F_DUPFD_CLOEXEC, minimum));
    }

    /** The access mode and status flags ({@link OpenFlags}) of the open file. */
    public static int flags(Fd fd) {
        return Math.toIntExact(fcntl(fd, F_GETFL, 0));
    }

    /** Sets the status flags that can be changed: append, direct, noatime, nonblock. */
    public static void setFlags(Fd fd, int flags) {
        fcntl(fd, F_SETFL, flags);
    }

    /** Turns non-blocking mode of the open file on or off; it is shared with all duplicates. */
    public static void setNonBlocking(Fd fd, boolean on) {
        int flags = flags(fd);
        setFlags(fd, on ? flags | OpenFlags.O_NONBLOCK : flags & ~OpenFlags.O_NONBLOCK);
    }

    /** Whether the descriptor is closed when a program is executed. */
    public static boolean closeOnExec(Fd fd) {
        return (fcntl(fd, F_GETFD, 0) & FD_CLOEXEC) != 0;
    }

    /** Sets whether the descriptor is closed when a program is executed. */
    public static void setCloseOnExec(Fd fd, boolean on) {
        fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0);
    }

    /** The capacity of a pipe in bytes. */
    public static int pipeSize(Fd pipe) {
        return Math.toIntExact(fcntl(pipe, F_GETPIPE_SZ, 0));
    }

    /** Sets the capacity of a pipe; answers the capacity it got, which is at least that, in bytes. */
    public static int setPipeSize(Fd pipe, int bytes) {
        return Math.toIntExact(fcntl(pipe, F_SETPIPE_SZ, bytes));
    }

    /** Takes the exclusive lock of the open file if it is free at once; tells whether it did. */
    public static boolean tryLock(Fd fd) {
        return flock(fd, LOCK_EX | LOCK_NB);
    }

    /** Takes the shared lock of the open file if it is free at once; tells whether it did. */
    public static boolean tryLockShared(Fd fd) {
        return flock(fd, LOCK_SH | LOCK_NB);
    }

    /** Takes the exclusive lock of the open file. Blocks until it is free. */
    public static void lock(Fd fd) {
        flock(fd, LOCK_EX);
    }

    /** Gives the lock of the open file back. */
    public static void unlock(Fd fd) {
        flock(fd, LOCK_UN);
    }

    /** Forbids changes of a {@link MemoryFile}, by {@code SEAL_*} of that class. Source: fcntl(2), F_ADD_SEALS. */
    static void addSeals(Fd file, int seals) {
        fcntl(file, F_ADD_SEALS, seals);
    }

    private static boolean flock(Fd fd, int operation) {
        long result = Syscall.FLOCK.call(fd.number(), operation);
        if (result == -Errno.EAGAIN.number()) {
            return false;
        }
        check(result, "flock", fd);
        return true;
    }

    private static long fcntl(Fd fd, int command, long argument) {
        return check(Syscall.FCNTL.call(fd.number(), command, argument), "fcntl", fd, "command", command);
    }
}
