package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.lib.linux.Fd;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Streams that the process gets itself: the client's fifos, or files. Nothing is copied. */
final class DirectIo implements ProcessIo {
    static final String STDIN = "stdin";

    private final Optional<Fd> reader;
    private final Optional<EngineStreams.Stream> stdout;
    private final Optional<EngineStreams.Stream> stderr;
    private final AtomicReference<@Nullable Fd> keeper;

    private DirectIo(
            Optional<StdinFifo> stdin, Optional<EngineStreams.Stream> stdout, Optional<EngineStreams.Stream> stderr) {
        this.reader = stdin.map(StdinFifo::reader);
        this.keeper = new AtomicReference<>(stdin.flatMap(StdinFifo::keeper).orElse(null));
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Fifos or files by their paths. */
    static DirectIo ofPaths(Stdio stdio, int uid, int gid) {
        return open(
                stdio,
                path -> StreamTarget.of(path, uid, gid),
                StreamUri.path(stdio.stdout()),
                StreamUri.path(stdio.stderr()));
    }

    /** Both outputs to one file. */
    static DirectIo ofLogFile(Stdio stdio, Path file) {
        Optional<Path> err = stdio.stderr().isEmpty() ? Optional.empty() : Optional.of(file);
        return open(stdio, StreamTarget::ofLog, Optional.of(file), err);
    }

    /** Both outputs to descriptors that this object then owns. */
    static DirectIo ofDescriptors(Stdio stdio, Fd stdout, Fd stderr) {
        return new DirectIo(
                stdin(stdio),
                Optional.of(new EngineStreams.Stream.Given(stdout)),
                Optional.of(new EngineStreams.Stream.Given(stderr)));
    }

    /** What goes on in another process: the end of standard input that is kept. */
    static DirectIo resumed(@Nullable Fd keeper) {
        DirectIo io = new DirectIo(Optional.empty(), Optional.empty(), Optional.empty());
        io.keeper.set(keeper);
        return io;
    }

    private interface Opener {
        EngineStreams.Stream open(Path path);
    }

    private static DirectIo open(Stdio stdio, Opener opener, Optional<Path> stdout, Optional<Path> stderr) {
        Optional<EngineStreams.Stream> out = Optional.empty();
        Optional<EngineStreams.Stream> err = Optional.empty();
        try {
            out = stdout.map(opener::open);
            err = stderr.equals(stdout) ? out : stderr.map(opener::open);
            return new DirectIo(stdin(stdio), out, err);
        } catch (RuntimeException e) {
            out.ifPresent(StreamTarget::close);
            err.ifPresent(StreamTarget::close);
            throw e;
        }
    }

    private static Optional<StdinFifo> stdin(Stdio stdio) {
        return stdio.stdin().isEmpty() ? Optional.empty() : Optional.of(StdinFifo.open(Path.of(stdio.stdin())));
    }

    @Override
    public EngineStreams streams() {
        return new EngineStreams(reader.map(EngineStreams.Stream.Given::new), stdout, stderr);
    }

    @Override
    public void started() {
        reader.ifPresent(Fd::close);
        stdout.ifPresent(StreamTarget::close);
        stderr.ifPresent(StreamTarget::close);
    }

    @Override
    public void closeStdin() {
        Fd open = keeper.getAndSet(null);
        if (open != null) {
            open.close();
        }
    }

    @Override
    public Map<String, Fd> lasting() {
        Fd open = keeper.get();
        return open == null ? Map.of() : Map.of(STDIN, open);
    }

    @Override
    public void close() {
        started();
        closeStdin();
    }
}
