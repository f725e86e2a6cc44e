package dev.wharf.cmd.shim.engine;

import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.Child;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.linux.Spawn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs commands to their end: one process each, no thread, no pipe. A command that takes too long, or whose caller is
 * interrupted, is killed with its process group.
 */
public final class EngineRunner {
    private static final Duration REAP = Duration.ofSeconds(10);

    private final ProcessWatcher watcher;

    /** Waits for ends of processes by a watcher. */
    public EngineRunner(ProcessWatcher watcher) {
        this.watcher = watcher;
    }

    /** Runs a command whose two outputs go to one file. */
    int run(List<String> command, Optional<Fd> stdin, EngineOutput output, Duration timeout) {
        Optional<EngineStreams.Stream> both = Optional.of(new EngineStreams.Stream.Given(output.file()));
        return run(command, new EngineStreams(stdin.map(EngineStreams.Stream.Given::new), both, both), timeout);
    }

    /**
     * Runs a command.
     *
     * @return its exit code
     * @throws EngineException when it cannot be started or was killed for taking too long
     */
    int run(List<String> command, EngineStreams streams, Duration timeout) {
        Spawn spawn = Spawn.command(command).newProcessGroup();
        streams.giveTo(spawn);
        try (Child child = start(spawn, command.getFirst());
                ProcessWatcher.Watched watched = watcher.watch(child.pidfd())) {
            return await(child, watched, timeout)
                    .orElseThrow(() -> new EngineException(
                            name(command) + " did not end within " + timeout.toMillis() + " ms and was killed", ""))
                    .status();
        }
    }

    private static Child start(Spawn spawn, String binary) {
        try {
            return spawn.start();
        } catch (ErrnoException e) {
            if (e.is(Errno.ENOENT) && !binary.contains("/")) {
                throw new EngineException("exec: \"" + binary + "\": executable file not found in $PATH", "");
            }
            throw new EngineException("fork/exec " + binary + ": " + e.getMessage(), "");
        }
    }

    /** Its end, or empty when it had to be killed. */
    private static Optional<Exit> await(Child child, ProcessWatcher.Watched watched, Duration timeout) {
        boolean interrupted = false;
        Optional<Exit> exit = Optional.empty();
        try {
            exit = watched.await(timeout);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (exit.isEmpty()) {
            Processes.killGroup(child.pid(), Signal.SIGKILL);
            awaitKilled(watched);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return exit;
    }

    private static void awaitKilled(ProcessWatcher.Watched watched) {
        try {
            watched.await(REAP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String name(List<String> command) {
        return String.join(" ", command);
    }
}
