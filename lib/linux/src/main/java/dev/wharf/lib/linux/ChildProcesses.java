package dev.wharf.lib.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Children of this process by pid. The kernel lists each with the thread that started it, and those that this process
 * got by the end of their parent, or of that thread, with its first thread, which starts none in a JVM. Source:
 * proc_tid_children(5), PR_SET_CHILD_SUBREAPER(2const).
 */
public final class ChildProcesses {
    private static final Path THREADS = Path.of("/proc/" + Processes.pid() + "/task");
    private static final Path FIRST_THREAD = THREADS.resolve(Integer.toString(Processes.pid()));

    private ChildProcesses() {}

    /** Whether the kernel lists children: one built without CONFIG_PROC_CHILDREN does not. */
    public static boolean areListed() {
        return Files.isReadable(FIRST_THREAD.resolve("children"));
    }

    /** All children, ended or not. One that ends just now can be missing. */
    public static List<Integer> all() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.flatMap(ChildProcesses::of).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Those that this process did not start, or whose starting thread has ended. */
    public static List<Integer> inherited() {
        return of(FIRST_THREAD).toList();
    }

    private static Stream<Integer> of(Path thread) {
        try {
            String pids = Files.readString(thread.resolve("children")).strip();
            return pids.isEmpty()
                    ? Stream.of()
                    : Arrays.stream(pids.split(" ", -1)).map(Integer::valueOf);
        } catch (IOException e) {
            return Stream.of();
        }
    }

    /** Whether a child has ended and was not reaped; false as well when there is no such process. */
    public static boolean hasEnded(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Reaps a child that has ended; tells whether it did: somebody else may have been faster. */
    public static boolean reap(int pid) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            return pidfd.reap().isPresent();
        } catch (ErrnoException e) {
            if (e.is(Errno.ESRCH) || e.is(Errno.ECHILD)) {
                return false;
            }
            throw e;
        }
    }
}
