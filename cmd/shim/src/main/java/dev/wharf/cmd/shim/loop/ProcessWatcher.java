package dev.wharf.cmd.shim.loop;

import dev.wharf.lib.linux.Epoll;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.ExitStatus;
import dev.wharf.lib.linux.Pidfd;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of ends of processes, by their descriptors, and reaps those that are children of this process.
 *
 * <p>A process that is no child, as after a shim's death, is asked for its code by the descriptor (Linux 6.15).
 */
public final class ProcessWatcher {
    /** How long the parent of a stranger whose code may not be read has for reaping it: wharfd takes a few seconds. */
    private static final Duration REAPING = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final Clock clock;
    private final Set<Integer> pids = ConcurrentHashMap.newKeySet();

    /** Watches by a loop; the clock tells when something ended. */
    public ProcessWatcher(EventLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** A process being watched until it ends. */
    public final class Watched implements AutoCloseable {
        private final Pidfd pidfd;
        private final Consumer<Exit> listener;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicReference<@Nullable Exit> exit = new AtomicReference<>();
        private final AtomicReference<EventLoop.@Nullable Registration> registration = new AtomicReference<>();

        private Watched(Pidfd pidfd, Consumer<Exit> listener) {
            this.pidfd = pidfd;
            this.listener = listener;
        }

        /** Waits for the end; empty when the time was over. A virtual thread leaves its carrier meanwhile. */
        public Optional<Exit> await(Duration timeout) throws InterruptedException {
            ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return Optional.ofNullable(exit.get());
        }

        private void ready(int events) {
            OptionalInt status = status(pidfd, (events & Epoll.HUP) != 0);
            if (status.isPresent()) {
                end(status.getAsInt());
            } else {
                awaitReaping();
            }
        }

        /** A stranger's code is there once its parent has reaped it, which the hang-up tells. */
        private void awaitReaping() {
            EventLoop.Registration current = registration.get();
            if (current != null) {
                current.modify(0);
            }
            Thread.ofVirtual().start(() -> {
                try {
                    if (!ended.await(REAPING.toMillis(), TimeUnit.MILLISECONDS)) {
                        loop.execute(() -> end(Exit.UNKNOWN));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        private void end(int status) {
            Exit now = new Exit(status, clock.instant());
            if (exit.compareAndSet(null, now)) {
                close();
                pids.remove(pidfd.pid());
                ended.countDown();
                listener.accept(now);
            }
        }

        /** Stops watching; the descriptor stays open. */
        @Override
        public void close() {
            EventLoop.Registration current = registration.getAndSet(null);
            if (current != null) {
                current.close();
            }
        }
    }

    /** Watches a process. */
    public Watched watch(Pidfd pidfd) {
        return watch(pidfd, exit -> {});
    }

    /**
     * Watches a process, whose descriptor stays the caller's and open until the end was told.
     *
     * @param listener called once, on the loop's thread: must not block
     */
    public Watched watch(Pidfd pidfd, Consumer<Exit> listener) {
        Watched watched = new Watched(pidfd, listener);
        pids.add(pidfd.pid());
        loop.execute(() -> watched.registration.set(loop.add(pidfd.fd(), Epoll.IN, watched::ready)));
        return watched;
    }

    /** Whether a process with this pid is being watched. */
    public boolean isWatched(int pid) {
        return pids.contains(pid);
    }

    /** The status if it can be had now. */
    private static OptionalInt status(Pidfd pidfd, boolean reaped) {
        try {
            Optional<ExitStatus> own = pidfd.reap();
            if (own.isPresent()) {
                return OptionalInt.of(own.get().shellCode());
            }
        } catch (ErrnoException e) {
            if (!e.is(Errno.ECHILD)) {
                throw e;
            }
        }
        return statusOfStranger(pidfd, reaped);
    }

    private static OptionalInt statusOfStranger(Pidfd pidfd, boolean reaped) {
        OptionalInt unreaped = Zombie.status(pidfd);
        if (unreaped.isPresent()) {
            return unreaped;
        }
        try {
            Optional<ExitStatus> info = pidfd.exitInfo();
            if (info.isPresent()) {
                return OptionalInt.of(info.get().shellCode());
            }
            return reaped ? OptionalInt.of(Exit.UNKNOWN) : OptionalInt.empty();
        } catch (ErrnoException e) {
            // A kernel that keeps no code for strangers.
            return OptionalInt.of(Exit.UNKNOWN);
        }
    }
}
