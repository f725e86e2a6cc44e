package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Properties of the process and of its threads. Source: prctl(2). */
public final class Prctl {
    private static final int SET_PDEATHSIG = 1;
    private static final int SET_NAME = 15;
    private static final int SET_CHILD_SUBREAPER = 36;
    private static final int GET_CHILD_SUBREAPER = 37;
    private static final int SCHED_CORE = 62;
    private static final int SCHED_CORE_GET = 0;
    private static final int SCHED_CORE_CREATE = 1;

    /** Scopes of core scheduling. */
    private static final int THREAD = 0;

    private static final int THREAD_GROUP = 1;

    private Prctl() {}

    /**
     * Makes this process the new parent of descendants whose parent ended, or stops being so.
     *
     * <p>They must then be reaped here, each by its {@link Pidfd}: waiting for any child would take the JVM's own.
     */
    public static void setChildSubreaper(boolean on) {
        check(Syscall.PRCTL.call(SET_CHILD_SUBREAPER, on ? 1 : 0), "prctl PR_SET_CHILD_SUBREAPER");
    }

    /** Whether this process is the new parent of descendants whose parent ended. */
    public static boolean isChildSubreaper() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocate(JAVA_INT);
            check(Syscall.PRCTL.call(GET_CHILD_SUBREAPER, on.address()), "prctl PR_GET_CHILD_SUBREAPER");
            return on.get(JAVA_INT, 0) != 0;
        }
    }

    /** Sends this process a signal when the thread that started it ends; 0 turns it off. */
    public static void setParentDeathSignal(int signal) {
        check(Syscall.PRCTL.call(SET_PDEATHSIG, signal), "prctl PR_SET_PDEATHSIG", signal);
    }

    /**
     * Gives this process a new core scheduling cookie, which processes it starts have too: only those of the same cookie
     * run on one core at a time. Fails with EINVAL by a kernel without it and with ENODEV where no core has two threads.
     * Source: the kernel's admin-guide/hw-vuln/core-scheduling.
     */
    public static void createCoreCookie() {
        check(
                Syscall.PRCTL.call(SCHED_CORE, SCHED_CORE_CREATE, 0, THREAD_GROUP, 0, 0),
                "prctl PR_SCHED_CORE PR_SCHED_CORE_CREATE");
    }

    /** The core scheduling cookie of a process; 0 where it has none. Fails as {@link #createCoreCookie} does. */
    public static long coreCookie(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cookie = arena.allocate(JAVA_LONG);
            check(
                    Syscall.PRCTL.call(SCHED_CORE, SCHED_CORE_GET, pid, THREAD, cookie.address(), 0),
                    "prctl PR_SCHED_CORE PR_SCHED_CORE_GET",
                    pid);
            return cookie.get(JAVA_LONG, 0);
        }
    }

    /** Names the calling kernel thread as ps(1) shows it; longer names are cut to 15 bytes. */
    public static void setThreadName(String name) {
        try (Arena arena = Arena.ofConfined()) {
            check(Syscall.PRCTL.call(SET_NAME, Memory.string(arena, name).address()), "prctl PR_SET_NAME", name);
        }
    }
}
