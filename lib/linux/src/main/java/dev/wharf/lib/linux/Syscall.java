package dev.wharf.lib.linux;

import java.lang.foreign.MemorySegment;

/**
 * The system calls in use, with their numbers on x86_64 and aarch64.
 *
 * <p>All go through {@code syscall(2)}, so that what reaches the kernel is what its manual says, whatever the C library.
 * Results follow the kernel's own convention: a negative error number, or the result. Source: syscalls(2).
 */
enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    IOCTL(16, 29),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    MADVISE(28, 233),
    GETPID(39, 172),
    SENDFILE(40, 71),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDTO(44, 206),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    BIND(49, 200),
    LISTEN(50, 201),
    SOCKETPAIR(53, 199),
    SETSOCKOPT(54, 208),
    GETSOCKNAME(51, 204),
    GETSOCKOPT(55, 209),
    KILL(62, 129),
    FCNTL(72, 25),
    FLOCK(73, 32),
    FSYNC(74, 82),
    FDATASYNC(75, 83),
    FTRUNCATE(77, 46),
    CHDIR(80, 49),
    FCHMOD(91, 52),
    UMASK(95, 166),
    GETEUID(107, 175),
    GETEGID(108, 177),
    SETSID(112, 157),
    SETFSUID(122, 151),
    SETFSGID(123, 152),
    CAPGET(125, 90),
    CAPSET(126, 91),
    STATFS(137, 43),
    FSTATFS(138, 44),
    PIVOT_ROOT(155, 41),
    PRCTL(157, 167),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    GETTID(186, 178),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    GETXATTR(191, 8),
    LGETXATTR(192, 9),
    LISTXATTR(194, 11),
    LLISTXATTR(195, 12),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    GETDENTS64(217, 61),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    INOTIFY_ADD_WATCH(254, 27),
    INOTIFY_RM_WATCH(255, 28),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    PPOLL(271, 73),
    UNSHARE(272, 97),
    SPLICE(275, 76),
    UTIMENSAT(280, 88),
    SYNC_FILE_RANGE(277, 84),
    EPOLL_PWAIT(281, 22),
    FALLOCATE(285, 47),
    ACCEPT4(288, 242),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    PIPE2(293, 59),
    INOTIFY_INIT1(294, 26),
    PRLIMIT64(302, 261),
    SYNCFS(306, 267),
    SETNS(308, 268),
    RENAMEAT2(316, 276),
    MEMFD_CREATE(319, 279),
    COPY_FILE_RANGE(326, 285),
    STATX(332, 291),
    PIDFD_SEND_SIGNAL(424, 424),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    PIDFD_OPEN(434, 434),
    OPENAT2(437, 437),
    PIDFD_GETFD(438, 438),
    MOUNT_SETATTR(442, 442);

    private static final MemorySegment SYSCALL = Libc.function("syscall");

    private final long number;

    Syscall(int onX86, int onArm) {
        this.number = Machine.pick(onX86, onArm);
    }

    /** Makes the call, again for as long as a signal interrupts it. */
    long call(long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            result = once(a, b, c, d, e, f);
        } while (result == -Errno.EINTR.number());
        return result;
    }

    /** Makes the call once; a signal can end it with {@code -EINTR}. */
    long once(long a, long b, long c, long d, long e, long f) {
        long result = Downcall.call(SYSCALL, number, a, b, c, d, e, f);
        return result == -1 ? -Downcall.errno() : result;
    }

    long call() {
        return call(0, 0, 0, 0, 0, 0);
    }

    long call(long a) {
        return call(a, 0, 0, 0, 0, 0);
    }

    long call(long a, long b) {
        return call(a, b, 0, 0, 0, 0);
    }

    long call(long a, long b, long c) {
        return call(a, b, c, 0, 0, 0);
    }

    long call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0, 0);
    }

    long call(long a, long b, long c, long d, long e) {
        return call(a, b, c, d, e, 0);
    }
}
