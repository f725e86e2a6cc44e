package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Doing something inside other namespaces, on a platform thread that is thrown away after it.
 *
 * <p>Namespaces belong to kernel threads. What the thread opens, and processes it starts by {@link Spawn}, keep them.
 * Threads it starts take them over too, and stay. So a task starts no thread, uses no {@link ProcessBuilder} (which has
 * a thread for each process), and wakes no virtual thread, as the scheduler may start a carrier for it from here: it
 * releases no lock and fills no queue that others wait at, and does not log. Source: namespaces(7), setns(2),
 * unshare(2).
 */
public final class Namespaces {
    private static final int CLONE_FS = 0x200;

    private Namespaces() {}

    /**
     * The kinds of namespace a thread of a JVM can enter or make. A user namespace is none of them, as the kernel
     * refuses it to a process with several threads.
     */
    public enum Kind {
        MNT(0x00020000),
        CGROUP(0x02000000),
        UTS(0x04000000),
        IPC(0x08000000),
        /** Takes effect for processes the thread starts, not for itself. */
        PID(0x20000000),
        NET(0x40000000);

        private final int flag;

        Kind(int flag) {
            this.flag = flag;
        }

        /** The file in /proc that stands for this namespace of the calling thread. */
        public Path ofThread() {
            return Path.of("/proc/thread-self/ns", name().toLowerCase(Locale.ROOT));
        }

        /** The file in /proc that stands for this namespace of a process. */
        public Path ofProcess(int pid) {
            return Path.of("/proc/" + pid + "/ns", name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Runs the task inside the given namespaces and waits for it.
     *
     * <p>In a mount namespace the thread's root and working directory are those of that namespace.
     *
     * @param namespaces open files of namespaces, entered in this order
     * @throws Exception what the task threw; an {@link ErrnoException} when a namespace cannot be entered
     */
    public static <T> T inNamespaces(List<Fd> namespaces, Callable<T> task) throws Exception {
        return PlatformThread.call("in-namespaces", () -> {
            unshareFileSystemState();
            for (Fd namespace : namespaces) {
                check(Syscall.SETNS.call(namespace.number(), 0), "setns", namespace);
            }
            return task.call();
        });
    }

    /**
     * Runs the task inside new namespaces and waits for it; they end with the thread unless the task keeps one, by a
     * descriptor, a bind mount of {@link Kind#ofThread()} or a process.
     *
     * <p>A new mount namespace shares events with the old one where mounts are shared: the task makes them private.
     *
     * @throws Exception what the task threw; an {@link ErrnoException} when they cannot be made
     */
    public static <T> T inNewNamespaces(Set<Kind> kinds, Callable<T> task) throws Exception {
        return PlatformThread.call("new-namespaces", () -> {
            enterNew(kinds);
            return task.call();
        });
    }

    /**
     * Moves the calling thread into new namespaces for the rest of its life: for a platform thread of the caller's that
     * keeps to what a task may do.
     */
    public static void enterNew(Set<Kind> kinds) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("namespaces belong to kernel threads: a virtual thread has none");
        }
        unshareFileSystemState();
        int flags = kinds.stream().mapToInt(kind -> kind.flag).reduce(0, (a, b) -> a | b);
        check(Syscall.UNSHARE.call(flags), "unshare", kinds);
    }

    /**
     * Makes a mount the root of the calling thread's mount namespace, and takes everything else off it: within a task of
     * {@link #inNewNamespaces} with {@link Kind#MNT}, whose mounts are private. Source: pivot_root(2).
     *
     * @param mount a directory on which something is mounted
     */
    public static void pivotRoot(Path mount) {
        try (Arena arena = Arena.ofConfined()) {
            long here = Memory.string(arena, ".").address();
            check(Syscall.CHDIR.call(Memory.string(arena, mount.toString()).address()), "chdir", mount);
            check(Syscall.PIVOT_ROOT.call(here, here), "pivot_root", mount);
            check(Syscall.UMOUNT2.call(here, Mounts.MNT_DETACH), "umount of the old root");
            check(Syscall.CHDIR.call(Memory.string(arena, "/").address()), "chdir", "/");
        }
    }

    /** Gives the thread its own root, working directory and umask; no mount namespace can be entered before. */
    static void unshareFileSystemState() {
        check(Syscall.UNSHARE.call(CLONE_FS), "unshare", "fs");
    }
}
