package dev.wharf.lib.ttrpc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects to a unix socket within a time. */
final class UnixConnector {
    /** Throws what the connect threw, or SocketTimeoutException where the time was up. */
    static SocketChannel connect(Path path, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            connect(channel, path, timeout);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Connects on a platform thread: the kernel's wait for a full backlog can be cut by closing the channel, whereas a
     * virtual thread would get EAGAIN, for which unix sockets have no event to wait for.
     */
    private static void connect(SocketChannel channel, Path path, Duration timeout) throws IOException {
        FutureTask<Boolean> connecting = new FutureTask<>(() -> channel.connect(UnixDomainSocketAddress.of(path)));
        Thread.ofPlatform().daemon().name("ttrpc-connect").start(connecting);
        try {
            connecting.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no answer within " + timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Throwable cause -> throw new IOException(cause);
            }
        }
    }

    private UnixConnector() {}
}
