package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A process by descriptor, which never comes to mean another one as a pid does. Source: pidfd_open(2).
 *
 * <p>The descriptor becomes readable for {@link Poll} and {@link Epoll} when the process has ended.
 */
public final class Pidfd implements AutoCloseable {
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;

    /** PIDFD_GET_INFO with the first published size of struct pidfd_info. */
    private static final int GET_INFO = 0xC040FF0B;

    private static final int INFO_SIZE = 64;
    private static final long INFO_EXIT = 1 << 3;
    private static final int SIGINFO_SIZE = 128;

    private final Fd fd;
    private final int pid;

    private Pidfd(Fd fd, int pid) {
        this.fd = fd;
        this.pid = pid;
    }

    /** Opens the process with this pid in the pid namespace of the caller; ESRCH when there is none. */
    public static Pidfd open(int pid) {
        return new Pidfd(Fd.adopt(check(Syscall.PIDFD_OPEN.call(pid, 0), "pidfd_open", pid)), pid);
    }

    /** The pid it was opened by. */
    public int pid() {
        return pid;
    }

    /** The descriptor to watch for reading; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Sends a signal, 0 being the mere question; ESRCH when the process was already reaped. */
    public void sendSignal(int signal) {
        long result = Syscall.PIDFD_SEND_SIGNAL.call(fd.number(), signal, 0, 0);
        check(result, "pidfd_send_signal", signal, "to pid", pid);
    }

    /**
     * A duplicate of a descriptor of the process; EBADF when it has no such. Needs the right to trace it. Source:
     * pidfd_getfd(2).
     */
    public Fd descriptor(int number) {
        return Fd.adopt(check(Syscall.PIDFD_GETFD.call(fd.number(), number, 0), "pidfd_getfd", number, "of pid", pid));
    }

    /** Takes over a descriptor of a process that came from elsewhere; the pid is what it had when it was opened. */
    public static Pidfd adopt(Fd fd, int pid) {
        return new Pidfd(fd, pid);
    }

    /** Whether the process has ended, reaped or not. */
    public boolean hasEnded() {
        return awaitEnd(Duration.ZERO);
    }

    /**
     * Waits until the process has ended, child or not, and leaves it to be reaped. Blocks up to the timeout: use a
     * platform thread.
     *
     * @return whether it has ended
     */
    public boolean awaitEnd(Duration timeout) {
        return Poll.await(fd, Poll.IN, timeout) != 0;
    }

    /**
     * Reaps the child if it has ended, and tells how; empty while it runs. Never blocks.
     *
     * <p>ECHILD when it is no child of this process, or was reaped already. Source: waitid(2).
     */
    public Optional<ExitStatus> reap() {
        return waitid(WEXITED | WNOHANG);
    }

    /** Tells how the child ended and leaves it to be reaped; empty while it runs. Never blocks. */
    public Optional<ExitStatus> peek() {
        return waitid(WEXITED | WNOHANG | WNOWAIT);
    }

    /** Reaps a killed child that no descriptor could be had for. Blocks until it is gone. */
    static void reapByPid(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment siginfo = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            check(Syscall.WAITID.call(P_PID, pid, siginfo.address(), WEXITED, 0), "waitid", "pid", pid);
        }
    }

    /** Whether some child of this process has ended and was not reaped. Never blocks. */
    static boolean anyChildHasEnded() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment siginfo = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            long result = Syscall.WAITID.call(P_ALL, 0, siginfo.address(), WEXITED | WNOHANG | WNOWAIT, 0);
            return result == 0 && siginfo.get(JAVA_INT, 16) != 0;
        }
    }

    private Optional<ExitStatus> waitid(int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment siginfo = arena.allocate(SIGINFO_SIZE, Long.BYTES);
            long result = Syscall.WAITID.call(P_PIDFD, fd.number(), siginfo.address(), options, 0);
            check(result, "waitid", "pid", pid);
            boolean running = siginfo.get(JAVA_INT, 16) == 0;
            return running ? Optional.empty() : Optional.of(status(siginfo));
        }
    }

    private static ExitStatus status(MemorySegment siginfo) {
        int code = siginfo.get(JAVA_INT, 8);
        int value = siginfo.get(JAVA_INT, 24);
        return code == CLD_EXITED ? new ExitStatus.Exited(value) : new ExitStatus.Killed(value, code == CLD_DUMPED);
    }

    /**
     * How the process ended, for any process and after it was reaped; empty before that.
     *
     * <p>Needs Linux 6.15; EINVAL or ENOTTY on an older kernel. Source: the kernel's uapi/linux/pidfd.h,
     * PIDFD_INFO_EXIT.
     */
    public Optional<ExitStatus> exitInfo() {
        try {
            return askExitInfo();
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
            // It was reaped in the middle of the question: its exit is kept by then, and only this answer lacks it.
            return askExitInfo();
        }
    }

    private Optional<ExitStatus> askExitInfo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, Long.BYTES);
            info.set(JAVA_LONG, 0, INFO_EXIT);
            long result = Syscall.IOCTL.call(fd.number(), Integer.toUnsignedLong(GET_INFO), info.address());
            check(result, "ioctl PIDFD_GET_INFO", "pid", pid);
            boolean known = (info.get(JAVA_LONG, 0) & INFO_EXIT) != 0;
            return known ? Optional.of(ExitStatus.ofWaitStatus(info.get(JAVA_INT, 60))) : Optional.empty();
        }
    }

    /** Closes the descriptor; the process goes on. */
    @Override
    public void close() {
        fd.close();
    }
}
