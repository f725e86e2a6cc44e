package dev.wharf.lib.ttrpc;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listening unix socket and, where this library made it, the file it is reached by. */
final class UnixListener {
    private static final Duration PROBE = Duration.ofSeconds(1);

    private final ServerSocketChannel channel;
    private final @Nullable Path path;
    private final @Nullable Object fileKey;

    private UnixListener(ServerSocketChannel channel, @Nullable Path path, @Nullable Object fileKey) {
        this.channel = channel;
        this.path = path;
        this.fileKey = fileKey;
    }

    /** A socket somebody else bound, whose file stays theirs. */
    static UnixListener of(ServerSocketChannel bound) {
        return new UnixListener(bound, null, null);
    }

    /** Binds a path; a socket file on which nobody listens is replaced. */
    static UnixListener bind(Path path, Set<PosixFilePermission> mode) throws IOException {
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, mode);
            return new UnixListener(channel, path, attributes(path).fileKey());
        } catch (IOException e) {
            channel.close();
            throw new IOException("listen on " + path + ": " + e.getMessage(), e);
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes(path).isOther()) {
            throw new BindException("listen on " + path + ": the path exists and is not a socket");
        }
        if (answers(path)) {
            throw new BindException("listen on " + path + ": address already in use");
        }
        Files.deleteIfExists(path);
    }

    /** Only a refusal says that nobody listens; a full backlog or a missing permission says that somebody does. */
    private static boolean answers(Path path) throws IOException {
        try {
            UnixConnector.connect(path, PROBE).close();
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (SocketTimeoutException busy) {
            return true;
        } catch (IOException e) {
            throw new IOException("listen on " + path + ": the path exists: " + e.getMessage(), e);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Stops listening and removes the socket file, unless another one has taken its place. */
    void close() throws IOException {
        channel.close();
        if (path != null
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && attributes(path).fileKey().equals(fileKey)) {
            Files.deleteIfExists(path);
        }
    }
}
