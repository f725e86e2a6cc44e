package dev.wharf.lib.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves of processes into control groups.
 *
 * <p>The first move after a rest takes a grace period of the kernel's RCU, some 8 milliseconds at 250 Hz; until a while
 * after it, all others take microseconds. That is what the kernel pays for forks that cost nothing while nobody moves.
 * An engine that makes a container moves a process, and the wait is a third of its time; who knows that an engine is
 * about to be started can have the wait begin before, beside what else there is to do.
 *
 * <p>Sources: cgroups(7), "Creating cgroups and moving processes"; the mount option {@code favordynmods} in the
 * kernel's admin-guide/cgroup-v2.
 */
public final class CgroupMoves {
    private static final byte[] THIS_PROCESS = {'0'};
    private static final Path OWN = Path.of("/proc/self/cgroup");

    /** Held while this process is moved, so that a move to where it was does not undo one to elsewhere. */
    private static final ReentrantLock MOVING = new ReentrantLock();

    private CgroupMoves() {}

    /** Found out once: mounts of control groups do not move. */
    private static final class Machine {
        static final List<MountInfo> MOUNTS = MountInfo.read().stream()
                .filter(mount -> mount.type().startsWith("cgroup"))
                .toList();

        private Machine() {}
    }

    /**
     * Begins the wait that the next move would have, and returns at once; to be called when a process is about to be
     * made in a container. Nothing changes by it: this process is moved to where it is.
     */
    public static void expect() {
        if (!MOVING.isLocked()) {
            Thread.ofVirtual().name("cgroup-move").start(CgroupMoves::moveToWhereItIs);
        }
    }

    static void moveToWhereItIs() {
        if (!MOVING.tryLock()) {
            return;
        }
        try {
            Optional<Path> own = own(Files.readString(OWN), Machine.MOUNTS);
            if (own.isPresent()) {
                move(own.get());
            }
        } catch (IOException e) {
            // Refused: the next move waits, as it would have.
        } finally {
            MOVING.unlock();
        }
    }

    /**
     * Moves this process.
     *
     * @param groups directories, at most one of each hierarchy
     * @throws IOException when one takes no process; it is then where it was or in those before
     */
    public static void join(List<Path> groups) throws IOException {
        MOVING.lock();
        try {
            for (Path group : groups) {
                move(group);
            }
        } finally {
            MOVING.unlock();
        }
    }

    private static void move(Path group) throws IOException {
        Files.write(group.resolve("cgroup.procs"), THIS_PROCESS, StandardOpenOption.WRITE);
    }

    /**
     * The directory of the group a process is in, of version 2 where there is one; empty when it is mounted nowhere.
     *
     * @param text of its /proc/pid/cgroup
     */
    static Optional<Path> own(String text, List<MountInfo> mounts) {
        return text.lines()
                .sorted((a, b) -> Boolean.compare(b.startsWith("0::"), a.startsWith("0::")))
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> mounts.stream()
                        .filter(mount -> isOf(mount, parts[1]))
                        .flatMap(mount -> below(mount, parts[2]).stream()))
                .findFirst();
    }

    private static boolean isOf(MountInfo mount, String controllers) {
        return controllers.isEmpty()
                ? mount.type().equals("cgroup2")
                : mount.type().equals("cgroup")
                        && mount.superOptions().containsAll(Arrays.asList(controllers.split(",", -1)));
    }

    /** Where a group is seen; empty when the mount shows another part of its hierarchy. */
    private static Optional<Path> below(MountInfo mount, String group) {
        return MountInfo.isBelow(group, mount.root()) && !group.startsWith("/..")
                ? Optional.of(Path.of(mount.mountPoint())
                        .resolve(Path.of(mount.root()).relativize(Path.of(group))))
                : Optional.empty();
    }
}
