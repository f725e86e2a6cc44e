package dev.wharf.lib.ttrpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * A gRPC channel that speaks ttRPC over one connected stream socket: pass it to the {@code newStub},
 * {@code newBlockingStub} or {@code newFutureStub} of a generated service class.
 *
 * <p>Any number of threads may call through it at once; calls share the connection and do not wait for one another.
 * The deadline of a call travels to the server and holds here too. Metadata travels with the request; a server's
 * status arrives with its details, so that {@link io.grpc.protobuf.StatusProto#fromThrowable} finds them. When the
 * connection ends, calls in flight and all later ones fail with UNAVAILABLE and the description "ttrpc: closed"; a
 * channel never reconnects.
 *
 * <p>What the wire cannot do: no response headers; and cancelling a call is not told to the server (ttRPC has no such
 * frame), so a call whose cancelling must stop the server needs a deadline or its own connection. A caller that does
 * not take the messages of a stream for ten seconds while its queue (64 messages, 8 MiB) is full loses that call with
 * RESOURCE_EXHAUSTED, because the other calls of the connection wait meanwhile.
 *
 * <p>A connection has two daemon platform threads unless other threads are asked for. A program should close its
 * channels before it exits: a thread that still reads costs the JVM 300 ms at its end.
 */
public final class TtrpcChannel extends Channel implements AutoCloseable {
    /** A peer that takes not one byte for so long has its connection closed. */
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

    /** How long a connection's reader waits for a stream whose queue is full. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Daemon platform threads. The JVM waits 300 ms at exit for threads inside system calls, and the poller below
     * virtual threads that have used a socket is such a thread for ever: short-lived programs would pay that each run.
     */
    static final ThreadFactory PLATFORM = Thread.ofPlatform().daemon().factory();

    private final ClientConnection connection;

    private TtrpcChannel(ClientConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects to a unix socket in the file system.
     *
     * <p>Abstract addresses (a leading NUL, written {@code @} by many tools) are refused: the JDK cannot connect to
     * one. Whoever needs one connects by other means and uses {@link #over}.
     *
     * @param socket path of the socket
     * @param timeout how long the connect may take, which waits only while the server's backlog is full
     * @throws IOException where nobody listens, the time is up, or the address is abstract
     */
    public static TtrpcChannel connect(Path socket, Duration timeout) throws IOException {
        return connect(socket, timeout, PLATFORM);
    }

    /**
     * Connects as {@link #connect(Path, Duration)} does, with threads of the caller's choice: virtual ones suit a
     * process that holds hundreds of connections.
     *
     * @param threads makes the connection's two threads, of which one reads and one writes
     */
    public static TtrpcChannel connect(Path socket, Duration timeout, ThreadFactory threads) throws IOException {
        if (socket.toString().startsWith("@")) {
            throw new IOException("connect to " + socket
                    + ": abstract unix socket addresses are not supported by the JDK; use a path in the file system");
        }
        try {
            return over(UnixConnector.connect(socket, timeout), threads);
        } catch (IOException e) {
            throw new IOException("connect to " + socket + ": " + e.getMessage(), e);
        }
    }

    /** A channel over a connected blocking socket, which it owns from here on. */
    public static TtrpcChannel over(SocketChannel connected) {
        return over(connected, PLATFORM);
    }

    /** A channel as {@link #over(SocketChannel)} makes it, with threads of the caller's choice. */
    public static TtrpcChannel over(SocketChannel connected, ThreadFactory threads) {
        return over(connected, threads, WRITE_TIMEOUT, PATIENCE);
    }

    static TtrpcChannel over(SocketChannel connected, ThreadFactory threads, Duration writeTimeout, Duration patience) {
        ClientConnection connection = new ClientConnection(connected, threads, writeTimeout, patience);
        connection.start();
        return new TtrpcChannel(connection);
    }

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
            MethodDescriptor<ReqT, RespT> method, CallOptions callOptions) {
        return new ClientStream<>(connection, method, callOptions);
    }

    /** Always "ttrpc": the wire carries no authority. */
    @Override
    public String authority() {
        return "ttrpc";
    }

    /** Calls sent and not ended. */
    int callsInFlight() {
        return connection.callsInFlight();
    }

    /** Whether the connection has ended, by either side. */
    public boolean isClosed() {
        return connection.isClosed();
    }

    /** Adds something to be run once, on a thread of its own, when the connection has ended; at once where it has. */
    public void onClose(Runnable hook) {
        connection.onClose(hook);
    }

    /** Closes the connection; calls in flight fail with UNAVAILABLE. May be called again. */
    @Override
    public void close() {
        connection.close();
    }
}
