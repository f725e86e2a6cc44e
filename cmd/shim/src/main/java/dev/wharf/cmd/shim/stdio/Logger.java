package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.Child;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Pipe;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.lib.linux.Poll;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.linux.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program that takes a container's output: descriptor 3 is its standard output, 4 its standard error, and on 5 the
 * program says that it is ready, by a byte or by closing it. Source: containerd's logging package.
 *
 * <p>The pipes end for it when the container's processes have ended. It then has {@link #BY_ITSELF} to end too, is told
 * to by SIGTERM, and killed after {@link #BY_FORCE} more.
 */
final class Logger implements AutoCloseable {
    private static final Duration BY_ITSELF = Duration.ofSeconds(1);
    private static final Duration BY_FORCE = Duration.ofSeconds(12);

    private final Pidfd pidfd;
    private final ProcessWatcher.Watched watched;

    private Logger(Pidfd pidfd, ProcessWatcher.Watched watched) {
        this.pidfd = pidfd;
        this.watched = watched;
    }

    /**
     * A logger and what the process writes to it by, both ends of each pipe in one: when the logger dies the process
     * waits on a full pipe and gets no SIGPIPE.
     */
    record Started(Logger logger, Fd stdout, Fd stderr) {}

    /** One that a former process of this program started. */
    static Logger resumed(Pidfd pidfd, ProcessWatcher watcher) {
        return new Logger(pidfd, watcher.watch(pidfd));
    }

    /** Starts it and waits until it is ready. */
    static Started start(StreamUri uri, String namespace, String id, ProcessWatcher watcher, Duration timeout) {
        List<String> command = new ArrayList<>(List.of(uri.path()));
        command.addAll(uri.arguments());
        try (Pipe out = Pipe.create();
                Pipe err = Pipe.create();
                Pipe ready = Pipe.create()) {
            Child child = Spawn.command(command)
                    .environment(Map.of("CONTAINER_ID", id, "CONTAINER_NAMESPACE", namespace))
                    .newProcessGroup()
                    .fd(3, out.reader())
                    .fd(4, err.reader())
                    .fd(5, ready.writer())
                    .start();
            Logger logger = new Logger(child.pidfd(), watcher.watch(child.pidfd()));
            try {
                ready.writer().close();
                awaitReady(ready.reader(), uri, timeout);
                return new Started(logger, bothEnds(out), bothEnds(err));
            } catch (RuntimeException e) {
                logger.kill(Signal.SIGKILL);
                throw e;
            }
        }
    }

    private static Fd bothEnds(Pipe pipe) {
        return Fd.open(pipe.writer().procPath(), OpenFlags.O_RDWR);
    }

    private static void awaitReady(Fd ready, StreamUri uri, Duration timeout) {
        int events = onThread(() -> Poll.await(ready, Poll.IN, timeout));
        if (events == 0) {
            throw new IllegalStateException("logging binary " + uri.path() + " was not ready in time");
        }
        int count = FileIo.read(ready, new byte[1], 0, 1);
        if (count == 0 && uri.scheme().equals("binary-v2")) {
            throw new IllegalStateException(
                    "logging binary did not call ready (it may have crashed or exited prematurely)");
        }
    }

    private static int onThread(java.util.concurrent.Callable<Integer> call) {
        try {
            return PlatformThread.call("logger-ready", call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Fd descriptor() {
        return pidfd.fd();
    }

    /** Brings it to its end. Blocks for up to 13 s. */
    @Override
    public void close() {
        try {
            if (watched.await(BY_ITSELF).isEmpty()) {
                kill(Signal.SIGTERM);
            }
            if (watched.await(BY_FORCE).isEmpty()) {
                kill(Signal.SIGKILL);
            }
            if (watched.await(BY_ITSELF).isPresent()) {
                pidfd.close();
            }
        } catch (InterruptedException e) {
            kill(Signal.SIGKILL);
            Thread.currentThread().interrupt();
        }
    }

    private void kill(Signal signal) {
        try {
            pidfd.sendSignal(signal.number());
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }
}
