package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.ChildProcesses;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaps processes that became children of this one by the end of their parent and that nobody watches: gofers of runsc,
 * daemons out of containers without a pid namespace. Only one that was found ended twice is taken, and none while an
 * engine is making processes, so that who is about to watch it comes first.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** When to look after the end of a container, which leaves orphans that its engine waits for. */
    private static final List<Duration> AFTER_END =
            List.of(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1));

    private final ProcessWatcher watcher;
    private final AtomicInteger making = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();

    /** Those found ended last time; guarded by the lock. */
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
                    sweep(ChildProcesses.all());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Processes are being made whose ends somebody is going to watch; over when closed. */
    Making making() {
        making.incrementAndGet();
        return making::decrementAndGet;
    }

    /** While this is open nothing is reaped here. */
    interface Making extends AutoCloseable {
        @Override
        void close();
    }

    /** Looks several times soon. */
    void afterEnd() {
        Thread.ofVirtual().start(() -> {
            try {
                for (Duration pause : AFTER_END) {
                    Thread.sleep(pause);
                    sweep(ChildProcesses.inherited());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** One round over all children. */
    void sweep() {
        sweep(ChildProcesses.all());
    }

    private void sweep(List<Integer> children) {
        Set<Integer> ended = new HashSet<>();
        for (int child : children) {
            if (!watcher.isWatched(child) && ChildProcesses.hasEnded(child)) {
                ended.add(child);
            }
        }
        lock.lock();
        try {
            Set<Integer> before = seen;
            seen = ended;
            if (making.get() == 0) {
                ended.stream().filter(before::contains).forEach(Orphans::reap);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void reap(int pid) {
        if (!ChildProcesses.reap(pid)) {
            LOG.debug("somebody else reaped an orphan, pid={}", pid);
        }
    }
}
