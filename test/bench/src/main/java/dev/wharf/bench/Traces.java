package dev.wharf.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds and removes what a daemon that has ended may have left in the kernel and on disk. */
final class Traces {
    /** Where the engine keeps the state of containers by namespace, whatever the daemon's own directories. */
    private static final Path ENGINE_STATE = Path.of("/run/containerd/runc");

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final int MOUNT_POINT = 4;
    private static final int LOOKS = 100;
    private static final long PAUSE_MILLIS = 50;

    private final Path directory;
    private final String namespace;

    Traces(Path directory, String namespace) {
        this.directory = directory;
        this.namespace = namespace;
    }

    /** Ends processes of the containers, then shims, and removes mounts, cgroups and directories. */
    void remove() {
        cgroups().forEach(cgroup -> lines(cgroup.resolve("cgroup.procs")).forEach(Traces::kill));
        awaitNoProcesses();
        processes(directory).forEach(Traces::kill);
        for (String mount : mounts()) {
            Programs.run("umount", "-l", mount);
        }
        Programs.run("rm", "-rf", "--one-file-system", directory.toString());
        cgroups().forEach(Traces::removeCgroup);
        Programs.run(
                "rm",
                "-rf",
                "--one-file-system",
                ENGINE_STATE.resolve(namespace).toString());
    }

    /** Shims end a moment after their containers. */
    private void awaitNoProcesses() {
        for (int look = 0; look < LOOKS && !processes(directory).isEmpty(); look++) {
            Programs.sleep(PAUSE_MILLIS);
        }
    }

    /** The pids of processes that name a directory in their command line: a daemon and its shims. */
    static List<Long> processes(Path directory) {
        String name = directory.toString();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).contains(name + "/"))
                .toList();
    }

    /** The command line of a process, its words separated by NUL; empty when the process has gone. */
    private static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private List<String> mounts() {
        return lines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ")[MOUNT_POINT])
                .filter(point -> point.startsWith(directory + "/"))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** The cgroups of the namespace and of its containers, the inner ones first, in whichever hierarchy. */
    private List<Path> cgroups() {
        List<Path> found = new ArrayList<>();
        List<Path> tops = new ArrayList<>(directories(CGROUPS));
        tops.add(CGROUPS);
        for (Path top : tops) {
            Path ours = top.resolve(namespace);
            if (Files.isDirectory(ours)) {
                found.addAll(directories(ours));
                found.add(ours);
            }
        }
        return found;
    }

    private static List<Path> directories(Path below) {
        try (Stream<Path> entries = Files.list(below)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void removeCgroup(Path cgroup) {
        for (int look = 0; Files.isDirectory(cgroup) && look < LOOKS; look++) {
            if (cgroup.toFile().delete()) {
                return;
            }
            Programs.sleep(PAUSE_MILLIS);
        }
    }

    private static void kill(String pid) {
        kill(Long.parseLong(pid));
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
