package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaps processes that became children of this one by the end of their parent and that nobody watches. Only one that was
 * found ended twice is taken, so that who is about to watch it comes first.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final ProcessWatcher watcher;
    private Set<Integer> seen = Set.of();

    Orphans(ProcessWatcher watcher) {
        this.watcher = watcher;
    }

    /** Does so for as long as this process lives. */
    void start() {
        Thread.ofVirtual().name("orphans").start(() -> {
            try {
                while (true) {
                    Thread.sleep(PERIOD);
                    sweep();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** One round. */
    void sweep() {
        Set<Integer> ended = new HashSet<>();
        for (int child : children()) {
            if (!watcher.isWatched(child) && isEnded(child)) {
                ended.add(child);
            }
        }
        ended.stream().filter(seen::contains).forEach(Orphans::reap);
        seen = ended;
    }

    private static void reap(int pid) {
        try (Pidfd pidfd = Pidfd.open(pid)) {
            pidfd.reap();
        } catch (ErrnoException e) {
            LOG.debug("somebody else reaped an orphan, pid={}", pid);
        }
    }

    private static boolean isEnded(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Children are listed with the thread that started or inherited them. */
    private static List<Integer> children() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + Processes.pid() + "/task"))) {
            return threads.flatMap(Orphans::childrenOf).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Stream<Integer> childrenOf(Path thread) {
        try {
            String pids = Files.readString(thread.resolve("children")).strip();
            return pids.isEmpty()
                    ? Stream.of()
                    : Arrays.stream(pids.split(" ", -1)).map(Integer::valueOf);
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
