package dev.wharf.lib.ttrpc;

import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ttRPC server for the services that gRPC's generated {@code ImplBase} classes and {@link ServerServiceDefinition}s
 * describe; interceptors work as they do with gRPC.
 *
 * <p>Each call runs on its own virtual thread with an {@link io.grpc.Context} that holds the caller's deadline and is
 * cancelled when that passes or the connection ends. A frame that is malformed, over 4 MiB or out of place is answered
 * with an error on its own stream and the connection goes on. All connections together hold at most
 * {@link Builder#maxBytes} of requests, and as many of answers. Bounds per connection: {@link Builder#maxInFlight} calls;
 * 32 MiB of requests being handled; 32 MiB of stream messages not yet taken, of which one stream may hold 64 messages
 * or 8 MiB; 8 MiB waiting to be sent, and no new call is begun while 4 MiB wait or 32 handlers are at work, those not counted that wait.
 * A call whose answer finds no room holds it until there is.
 */
public final class TtrpcServer implements AutoCloseable {
    /** The peer of a call, in {@link io.grpc.ServerCall#getAttributes}; absent where the socket is not a unix one. */
    public static final Attributes.Key<UnixDomainPrincipal> PEER_CREDENTIALS =
            Attributes.Key.create("dev.wharf.lib.ttrpc.peer-credentials");

    private static final Logger LOG = LoggerFactory.getLogger(TtrpcServer.class);
    private static final long MOST_BYTES = 256 << 20;
    private static final Duration MAX_ACCEPT_PAUSE = Duration.ofSeconds(1);

    private final MethodTable methods;
    private final Limits limits;
    private final @Nullable PeerCheck peerCheck;
    private final FrameMemory requests;
    private final FrameMemory answers;
    private final Set<UnixListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** What one connection may use. */
    record Limits(int maxInFlight, Duration writeTimeout, Duration patience) {
        Limits {
            if (maxInFlight < 1 || !writeTimeout.isPositive() || !patience.isPositive()) {
                throw new IllegalArgumentException("limits of a ttRPC server must be positive");
            }
        }
    }

    private TtrpcServer(Builder builder) throws IOException {
        methods = new MethodTable(builder.services.stream()
                .map(service -> ServerInterceptors.interceptForward(service, builder.interceptors))
                .toList());
        limits = new Limits(builder.maxInFlight, builder.writeTimeout, builder.patience);
        requests = FrameMemory.of(builder.maxBytes);
        answers = FrameMemory.of(builder.maxBytes);
        peerCheck = builder.requireSameUser ? builder.peerCheck() : null;
    }

    /** Collects what a server consists of. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Listens on a path in the file system; a socket file on which nobody listens is replaced, and the file is removed
     * when the server stops. A server may listen in several places.
     *
     * @param mode permissions of the socket file: who may write it may connect
     * @throws IOException where the path is in use, is not a socket, or cannot be bound
     */
    public void listen(Path path, Set<PosixFilePermission> mode) throws IOException {
        listen(UnixListener.bind(path, mode));
    }

    /** Listens on a bound blocking socket, which the server closes when it stops; its file stays. */
    public void listen(ServerSocketChannel bound) throws IOException {
        listen(UnixListener.of(bound));
    }

    private void listen(UnixListener listener) throws IOException {
        listeners.add(listener);
        if (stopped) {
            listeners.remove(listener);
            listener.close();
            throw new IOException(Wire.SERVER_CLOSED);
        }
        Thread.ofVirtual().name("ttrpc-accept").start(() -> acceptAll(listener));
    }

    private void acceptAll(UnixListener listener) {
        Duration pause = Duration.ofMillis(1);
        while (listener.isOpen() && !stopped) {
            try {
                SocketChannel accepted = listener.accept();
                Thread.ofVirtual().name("ttrpc-greet").start(() -> greet(accepted));
                pause = Duration.ofMillis(1);
            } catch (IOException e) {
                if (!listener.isOpen()) {
                    return;
                }
                LOG.warn("accept failed pause={}", pause, e);
                if (!sleep(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(MAX_ACCEPT_PAUSE) > 0
                        ? MAX_ACCEPT_PAUSE
                        : pause.multipliedBy(2);
            }
        }
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void greet(SocketChannel accepted) {
        try {
            serve(accepted);
        } catch (IOException e) {
            LOG.warn("connection refused reason={}", e.getMessage());
        }
    }

    /**
     * Serves one connected blocking socket, which the server owns from here on; returns at once.
     *
     * @throws IOException where the peer is refused or the server has stopped; the socket is then closed
     */
    public void serve(SocketChannel accepted) throws IOException {
        ServerConnection connection;
        try {
            connection = new ServerConnection(
                    accepted, methods, attributes(accepted), limits, requests, answers, connections::remove);
        } catch (IOException | RuntimeException e) {
            accepted.close();
            throw e;
        }
        connections.add(connection);
        connection.start();
        if (stopped) {
            connection.close();
            throw new IOException(Wire.SERVER_CLOSED);
        }
    }

    private Attributes attributes(SocketChannel accepted) throws IOException {
        UnixDomainPrincipal peer = PeerCheck.peer(accepted);
        if (peerCheck != null && !peerCheck.allows(peer)) {
            throw new IOException("ttrpc: invalid credentials: operation not permitted: peer " + peer);
        }
        Attributes.Builder attributes =
                Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, accepted.getRemoteAddress());
        return peer == null
                ? attributes.build()
                : attributes.set(PEER_CREDENTIALS, peer).build();
    }

    /**
     * Stops gracefully: listens no more, refuses new calls with UNAVAILABLE, and closes each connection once its calls
     * have been answered. What is left when the time is up is closed as {@link #close} does.
     *
     * @return whether every call was answered in time
     */
    public boolean shutdown(Duration grace) throws InterruptedException {
        stopListening();
        List<ServerConnection> draining = new ArrayList<>(connections);
        draining.forEach(ServerConnection::drain);
        long until = System.nanoTime() + grace.toNanos();
        boolean all = true;
        for (ServerConnection connection : draining) {
            all &= connection.awaitClosed(until - System.nanoTime());
        }
        close();
        return all;
    }

    /** Stops at once: calls under way are cancelled and their connections closed. May be called again. */
    @Override
    public void close() {
        stopListening();
        new ArrayList<>(connections).forEach(ServerConnection::close);
    }

    private void stopListening() {
        stopped = true;
        for (UnixListener listener : new ArrayList<>(listeners)) {
            listeners.remove(listener);
            try {
                listener.close();
            } catch (IOException e) {
                LOG.warn("close of a listener failed", e);
            }
        }
    }

    /** Collects services, interceptors and bounds of a {@link TtrpcServer}. */
    public static final class Builder {
        private final List<ServerServiceDefinition> services = new ArrayList<>();
        private final List<ServerInterceptor> interceptors = new ArrayList<>();
        private boolean requireSameUser = true;
        private int maxInFlight = 4096;
        private int maxBytes =
                (int) Math.clamp(Runtime.getRuntime().maxMemory() / 4, FrameMemory.LEAST_BYTES, MOST_BYTES);
        private Duration writeTimeout = TtrpcChannel.WRITE_TIMEOUT;
        private Duration patience = TtrpcChannel.PATIENCE;
        private @Nullable PeerCheck peerCheck;

        private Builder() {}

        /** Adds a service, as the generated {@code ImplBase} classes are. */
        public Builder add(BindableService service) {
            return add(service.bindService());
        }

        /** Adds a service. */
        public Builder add(ServerServiceDefinition service) {
            services.add(service);
            return this;
        }

        /** Adds an interceptor of all services; the first added sees a call first. */
        public Builder intercept(ServerInterceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /** Whether peers must have the effective user and group of this process; true unless said otherwise. */
        public Builder requireSameUser(boolean required) {
            requireSameUser = required;
            return this;
        }

        /** Whom to let in, where that is asked, instead of this process's own user. */
        Builder peerCheck(PeerCheck check) {
            peerCheck = check;
            return this;
        }

        private PeerCheck peerCheck() throws IOException {
            return peerCheck == null ? PeerCheck.sameUser() : peerCheck;
        }

        /**
         * How many calls of one connection may be under way, those that only wait included; 4096 unless said otherwise.
         * A call above that waits ten seconds for another to end, during which the connection is not read, and is then
         * refused with RESOURCE_EXHAUSTED.
         */
        public Builder maxInFlight(int calls) {
            maxInFlight = calls;
            return this;
        }

        /**
         * How many bytes of requests all connections together may hold, and how many of answers; a quarter of the heap
         * unless said otherwise, at least 32 MiB and at most 256. Above that a request waits ten seconds for room, and
         * then is refused with RESOURCE_EXHAUSTED, as an answer is at once.
         */
        public Builder maxBytes(int bytes) {
            maxBytes = bytes;
            return this;
        }

        /** How long a peer may take not one byte before its connection is closed; one minute unless said otherwise. */
        public Builder writeTimeout(Duration timeout) {
            writeTimeout = timeout;
            return this;
        }

        Builder patience(Duration wait) {
            patience = wait;
            return this;
        }

        /**
         * A server that does not listen yet.
         *
         * @throws IOException where this process's own credentials cannot be read
         */
        public TtrpcServer build() throws IOException {
            return new TtrpcServer(this);
        }
    }
}
