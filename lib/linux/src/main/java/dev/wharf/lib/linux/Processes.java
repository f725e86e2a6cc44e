package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

/** Ids of this process, and signals by pid. */
public final class Processes {
    private Processes() {}

    /** The pid of this process. Source: getpid(2). */
    public static int pid() {
        return Math.toIntExact(Syscall.GETPID.call());
    }

    /** The kernel's id of the calling thread, for a virtual thread that of its carrier. Source: gettid(2). */
    public static int threadId() {
        return Math.toIntExact(Syscall.GETTID.call());
    }

    /** The effective user id of the calling thread. Source: geteuid(2). */
    public static int effectiveUser() {
        return Math.toIntExact(Syscall.GETEUID.call());
    }

    /** The effective group id of the calling thread. Source: getegid(2). */
    public static int effectiveGroup() {
        return Math.toIntExact(Syscall.GETEGID.call());
    }

    /**
     * Makes this process the leader of a session and process group of its own, without a terminal; EPERM where it leads
     * a group already. Source: setsid(2).
     */
    public static void newSession() {
        check(Syscall.SETSID.call(), "setsid");
    }

    /**
     * Sets by whose rights the calling thread alone reaches files from now on; other than as root, it also loses the
     * capabilities that override file permissions. For a platform thread that is thrown away. Source: setfsuid(2).
     */
    public static void reachFilesAs(int user, int group) {
        Syscall.SETFSGID.call(Integer.toUnsignedLong(group));
        Syscall.SETFSUID.call(Integer.toUnsignedLong(user));
    }

    /**
     * Runs something that makes files, which then belong to the given user and group, with all rights of the process. The
     * calling thread must be a platform thread whose file rights are the process's own, that is root's; the task starts
     * no thread and wakes none, as a new one would take the identity over. Source: setfsuid(2), capabilities(7).
     */
    public static void makingFilesAs(int user, int group, Runnable task) {
        int oldUser = effectiveUser();
        int oldGroup = effectiveGroup();
        try {
            reachFilesAs(user, group);
            Capabilities.raise();
            task.run();
        } finally {
            reachFilesAs(oldUser, oldGroup);
        }
    }

    /**
     * Sends a signal to a process; ESRCH when there is none. A pid can come to mean another process: prefer {@link
     * Pidfd#sendSignal}. Source: kill(2).
     */
    public static void kill(int pid, int signal) {
        if (pid <= 0) {
            throw new IllegalArgumentException("not a pid: " + pid);
        }
        check(Syscall.KILL.call(pid, signal), "kill", pid, "with signal", signal);
    }

    /** Sends a signal to all of a process group; does nothing when it is empty. Source: kill(2). */
    public static void killGroup(int group, Signal signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("not a process group to signal: " + group);
        }
        long result = Syscall.KILL.call(-group, signal.number());
        if (result != -Errno.ESRCH.number()) {
            check(result, "kill group", group, "with", signal);
        }
    }

    /** Whether a process or zombie with this pid exists. */
    public static boolean exists(int pid) {
        long result = Syscall.KILL.call(pid, 0);
        return pid > 0 && (result == 0 || result == -Errno.EPERM.number());
    }
}
