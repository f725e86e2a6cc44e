package dev.wharf.lib.linux;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A child process started by {@link Spawn}, by pid and descriptor.
 *
 * <p>It stays a zombie until its end is asked for here: by {@link #poll()} or {@link #waitFor}. The JVM itself waits only
 * for processes of {@link ProcessBuilder}.
 */
public final class Child implements AutoCloseable {
    private final Pidfd pidfd;
    private final AtomicReference<@Nullable ExitStatus> end = new AtomicReference<>();

    private Child(Pidfd pidfd) {
        this.pidfd = pidfd;
    }

    /** A child that nobody has reaped, so that its pid cannot mean another process yet. */
    static Child of(int pid) {
        try {
            return new Child(Pidfd.open(pid));
        } catch (ErrnoException e) {
            Processes.kill(pid, Signal.SIGKILL.number());
            Pidfd.reapByPid(pid);
            throw e;
        }
    }

    /** The pid of the child. */
    public int pid() {
        return pidfd.pid();
    }

    /** The child's descriptor; owned by this object. */
    public Pidfd pidfd() {
        return pidfd;
    }

    /** How the child ended, reaping it the first time; empty while it runs. Never blocks. */
    public Optional<ExitStatus> poll() {
        ExitStatus known = end.get();
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<ExitStatus> now = pidfd.reap();
            now.ifPresent(end::set);
            return now;
        } catch (ErrnoException e) {
            return reapedMeanwhile(e);
        }
    }

    /** Another thread reaped it between our look and our call, and is about to store how it ended. */
    private Optional<ExitStatus> reapedMeanwhile(ErrnoException e) {
        ExitStatus known = end.get();
        if (known != null) {
            return Optional.of(known);
        }
        if (!e.is(Errno.ECHILD)) {
            throw e;
        }
        return pidfd.exitInfo();
    }

    /**
     * Waits for the end and reaps the child. Blocks up to the timeout; a virtual thread leaves its carrier meanwhile.
     *
     * @return how it ended, empty when the time was over
     */
    public Optional<ExitStatus> waitFor(Duration timeout) {
        PlatformThread.callBlocking("wait-" + pid(), () -> pidfd.awaitEnd(timeout));
        return poll();
    }

    /** Sends a signal to the child; does nothing when it was reaped already. */
    public void kill(Signal signal) {
        try {
            pidfd.sendSignal(signal.number());
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }

    /** Closes the descriptor; the child goes on and, if not reaped, stays a zombie after its end. */
    @Override
    public void close() {
        pidfd.close();
    }
}
