package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The resources a process is limited in, by their numbers. Source: prlimit(2). */
public enum ResourceLimit {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    /** No limit (RLIM_INFINITY). */
    public static final long INFINITY = -1;

    private final int number;

    ResourceLimit(int number) {
        this.number = number;
    }

    /**
     * The two limits of a resource.
     *
     * @param soft the one in force; unsigned
     * @param hard up to which the process may raise it; unsigned
     */
    public record Limits(long soft, long hard) {}

    /** The limits of a process, 0 meaning this one. */
    public Limits get(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(JAVA_LONG, 2);
            check(Syscall.PRLIMIT64.call(pid, number, 0, limits.address()), "prlimit", this);
            return new Limits(limits.getAtIndex(JAVA_LONG, 0), limits.getAtIndex(JAVA_LONG, 1));
        }
    }

    /** Sets the limits of a process, 0 meaning this one; raising the hard one needs CAP_SYS_RESOURCE. */
    public void set(int pid, Limits wanted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocateFrom(JAVA_LONG, wanted.soft, wanted.hard);
            check(Syscall.PRLIMIT64.call(pid, number, limits.address(), 0), "prlimit", this, "to", wanted);
        }
    }
}
