package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.lib.linux.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The first process of a container by pid, with what tells it from a later process of the same pid.
 *
 * @param pid in this pid namespace, 0 when unknown
 * @param knownAt a moment at which it already ran: a process that started later is another one
 */
record InitProcess(int pid, Instant knownAt) {
    /** No process. */
    static final InitProcess NONE = new InitProcess(0, Instant.EPOCH);

    /** The kernel tells start times in hundredths since boot, and the time of boot in seconds. */
    private static final Duration CLOCK_ERROR = Duration.ofSeconds(2);

    /** Whether it runs; a process that has ended and was not reaped does not. */
    boolean isAlive() {
        Optional<Pidfd> process = open();
        if (process.isEmpty()) {
            return false;
        }
        try (Pidfd pidfd = process.get()) {
            return !pidfd.hasEnded();
        }
    }

    /** Waits until it has ended; tells whether it has. */
    boolean awaitEnd(Duration timeout) {
        return withProcess(pidfd -> pidfd.awaitEnd(timeout));
    }

    /** Kills it and waits until it has ended; tells whether it has. */
    boolean kill(Duration timeout) {
        return withProcess(pidfd -> {
            pidfd.sendSignal(Signal.SIGKILL.number());
            return pidfd.awaitEnd(timeout);
        });
    }

    private interface Wait {
        boolean ended(Pidfd pidfd);
    }

    private boolean withProcess(Wait wait) {
        Optional<Pidfd> process = open();
        if (process.isEmpty()) {
            return true;
        }
        try (Pidfd pidfd = process.get()) {
            return PlatformThread.call("wait-init-" + pid, () -> wait.ended(pidfd));
        } catch (ErrnoException e) {
            if (e.is(Errno.ESRCH)) {
                return true;
            }
            throw e;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("wait for pid " + pid, e);
        }
    }

    /** The process by descriptor, opened before it is compared so that it cannot change in between. */
    private Optional<Pidfd> open() {
        if (pid <= 1) {
            return Optional.empty();
        }
        try {
            Pidfd pidfd = Pidfd.open(pid);
            if (isSame()) {
                return Optional.of(pidfd);
            }
            pidfd.close();
            return Optional.empty();
        } catch (ErrnoException e) {
            if (e.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isSame() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> !start.isAfter(knownAt.plus(CLOCK_ERROR)))
                .orElse(false);
    }
}
