package dev.wharf.cmd.shimwasi.stdio;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Poll;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The standard streams of one container. A FIFO is open for reading too, so that a client that leaves breaks nothing. */
public final class ContainerStreams implements AutoCloseable {
    /** What reading and writing the streams may need to have been loaded. */
    public static final List<Class<?>> CLASSES = List.of(
            FifoInput.class,
            FifoOutput.class,
            FileIo.class,
            Poll.class,
            Poll.Interest.class,
            ErrnoException.class,
            Errno.class);

    private final List<Runnable> closing = new ArrayList<>();
    private final @Nullable FifoInput input;
    private final OutputStream out;
    private final OutputStream err;

    private ContainerStreams(String namespace, String id, String stdin, String stdout, String stderr) {
        try {
            input = stdin.isEmpty() ? null : FifoInput.open(fifo(stdin));
            if (input != null) {
                closing.add(input::close);
            }
            if (stdout.startsWith("binary://") || stdout.startsWith("binary-v2://")) {
                LoggerProcess logger = LoggerProcess.start(URI.create(stdout), namespace, id);
                closing.add(logger::close);
                out = logger.out();
                err = logger.err();
            } else {
                out = output(stdout);
                err = output(stderr);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens the streams a request names; an empty name is an empty stream.
     *
     * @throws ShimException where one is of a kind that is not supported
     */
    public static ContainerStreams open(String namespace, String id, String stdin, String stdout, String stderr) {
        try {
            return new ContainerStreams(namespace, id, stdin, stdout, stderr);
        } catch (ErrnoException | UncheckedIOException e) {
            throw new ShimException(
                    ShimException.Code.UNKNOWN, "cannot open standard streams of " + id + ": " + e.getMessage(), e);
        }
    }

    private OutputStream output(String uri) {
        if (uri.isEmpty()) {
            return OutputStream.nullOutputStream();
        }
        Fd fd = uri.startsWith("file://") ? file(Path.of(URI.create(uri).getPath())) : Fifo.openBoth(fifo(uri));
        Fcntl.setNonBlocking(fd, true);
        FifoOutput output = new FifoOutput(fd);
        closing.add(output::close);
        return output;
    }

    private static Fd file(Path path) {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return Fd.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND, 0644);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path fifo(String uri) {
        String path = uri.startsWith("fifo://") ? uri.substring("fifo://".length()) : uri;
        if (path.startsWith("/")) {
            return Path.of(path);
        }
        int colon = uri.indexOf(':');
        throw ShimException.unimplemented("unknown STDIO scheme " + (colon < 0 ? uri : uri.substring(0, colon)));
    }

    /** Standard input. */
    public InputStream in() {
        return input == null ? InputStream.nullInputStream() : input;
    }

    /** Standard output. */
    public OutputStream out() {
        return out;
    }

    /** Standard error. */
    public OutputStream err() {
        return err;
    }

    /** Nothing comes on standard input but what its client still writes. */
    public void endInput() {
        if (input != null) {
            input.end();
        }
    }

    @Override
    public void close() {
        closing.reversed().forEach(Runnable::run);
        closing.clear();
    }
}
