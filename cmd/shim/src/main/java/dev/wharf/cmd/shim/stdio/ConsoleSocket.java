package dev.wharf.cmd.shim.stdio;

import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.lib.linux.Poll;
import dev.wharf.lib.linux.ReceivedMessage;
import dev.wharf.lib.linux.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The socket over which an engine hands out the master of the terminal it made. Source: runc's docs/terminals.md. */
final class ConsoleSocket implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int NAME = 4096;

    private final Path directory;
    private final Path path;
    private final UnixSocket socket;

    private ConsoleSocket(Path directory, Path path, UnixSocket socket) {
        this.directory = directory;
        this.path = path;
        this.socket = socket;
    }

    /** Makes one in a new directory that only this user can enter. */
    static ConsoleSocket create() {
        try {
            Path directory = Files.createTempDirectory("pty");
            Path path = directory.resolve("pty.sock");
            return new ConsoleSocket(directory, path, UnixSocket.listen(path.toString(), 1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a socket for the terminal", e);
        }
    }

    /** One that another process of this program made. */
    static ConsoleSocket adopt(Fd listening) {
        UnixSocket socket = UnixSocket.adopt(listening);
        Path path = socket.path()
                .map(Path::of)
                .orElseThrow(() -> new IllegalStateException("a socket for a terminal without a path"));
        return new ConsoleSocket(Objects.requireNonNull(path.getParent()), path, socket);
    }

    /** The socket itself: while it is open anywhere, what the engine has sent is kept. */
    Fd listening() {
        return socket.fd();
    }

    Path path() {
        return path;
    }

    /** Takes the terminal that an engine, which has ended, has sent; empty where it sent none. */
    Optional<Fd> receiveSent() {
        return Poll.await(socket.fd(), Poll.IN, Duration.ZERO) == 0 ? Optional.empty() : Optional.of(receive());
    }

    /** Takes the terminal that the engine has sent, in non-blocking mode. */
    Fd receive() {
        Fd master = onThread(() -> {
            await(socket.fd());
            try (UnixSocket peer = socket.accept()) {
                await(peer.fd());
                return only(peer.receive(NAME, 1));
            }
        });
        Fcntl.setNonBlocking(master, true);
        return master;
    }

    private static Fd only(ReceivedMessage message) {
        if (message.descriptors().isEmpty()) {
            throw new IllegalStateException("failed to retrieve console master: the engine sent none");
        }
        return message.descriptors().getFirst();
    }

    private static void await(Fd fd) {
        if (Poll.await(fd, Poll.IN, LIMIT) == 0) {
            throw new IllegalStateException("failed to retrieve console master: the engine sent nothing");
        }
    }

    private static Fd onThread(Callable<Fd> call) {
        try {
            return PlatformThread.call("console", call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
