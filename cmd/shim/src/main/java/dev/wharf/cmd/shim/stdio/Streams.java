package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Pidfd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Opens the standard streams of processes by what clients wrote. */
public final class Streams {
    private final EventLoop loop;
    private final ProcessWatcher watcher;

    /**
     * Streams whose terminals flow on a loop.
     *
     * @param watcher tells when loggers end
     */
    public Streams(EventLoop loop, ProcessWatcher watcher) {
        this.loop = loop;
        this.watcher = watcher;
    }

    /**
     * Whose streams.
     *
     * @param namespace of the container
     * @param process id of the process, which a logger is told as that of the container
     * @param uid whom fifos are given to, 0 for leaving them
     * @param gid group likewise
     */
    public record Owner(String namespace, String process, int uid, int gid) {}

    /**
     * Opens the streams of a process that is about to be started.
     *
     * @throws IllegalArgumentException when a scheme is not known
     */
    public ProcessIo open(Stdio stdio, Owner owner, Duration timeout) {
        StreamUri uri = StreamUri.parse(stdio.stdout());
        return switch (uri.scheme()) {
            case StreamUri.FIFO ->
                stdio.terminal()
                        ? TerminalIo.create(loop, stdio, target(stdio, owner))
                        : stdio.isNull() ? ProcessIo.NONE : DirectIo.ofPaths(stdio, owner.uid(), owner.gid());
            case "file" ->
                stdio.terminal()
                        ? TerminalIo.create(loop, stdio, Optional.of(StreamTarget.ofLog(Path.of(uri.path()))))
                        : DirectIo.ofLogFile(stdio, Path.of(uri.path()));
            case "binary", "binary-v2" -> logged(stdio, uri, owner, timeout);
            default -> throw new IllegalArgumentException("unknown STDIO scheme " + uri.scheme());
        };
    }

    private static Optional<EngineStreams.Stream> target(Stdio stdio, Owner owner) {
        return StreamUri.path(stdio.stdout()).map(path -> StreamTarget.of(path, owner.uid(), owner.gid()));
    }

    private ProcessIo logged(Stdio stdio, StreamUri uri, Owner owner, Duration timeout) {
        Logger.Started started = Logger.start(uri, owner.namespace(), owner.process(), watcher, timeout);
        if (!stdio.terminal()) {
            return new LoggerIo(DirectIo.ofDescriptors(stdio, started.stdout(), started.stderr()), started.logger());
        }
        started.stderr().close();
        return new LoggerIo(
                TerminalIo.create(loop, stdio, Optional.of(new EngineStreams.Stream.Given(started.stdout()))),
                started.logger());
    }

    /** Gives up the socket for a terminal, that another process of this program left, with its file. */
    public static void removeConsole(Fd listening) {
        ConsoleSocket.adopt(listening).close();
    }

    /**
     * Goes on with streams another process of this program opened.
     *
     * @param lasting what {@link ProcessIo#lasting()} was there; owned by the result
     */
    public ProcessIo resume(Stdio stdio, Map<String, Fd> lasting) {
        Map<String, Fd> rest = new java.util.HashMap<>(lasting);
        Fd logger = rest.remove(LoggerIo.LOGGER);
        ProcessIo streams = stdio.terminal()
                ? TerminalIo.resumed(loop, rest, StreamUri.fifo(stdio.stdout()))
                : DirectIo.resumed(rest.get(DirectIo.STDIN));
        return logger == null ? streams : new LoggerIo(streams, Logger.resumed(Pidfd.adopt(logger, 0), watcher));
    }
}
