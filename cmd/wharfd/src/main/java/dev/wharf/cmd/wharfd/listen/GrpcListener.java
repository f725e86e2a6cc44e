package dev.wharf.cmd.wharfd.listen;

import dev.wharf.cmd.wharfd.config.GrpcConfig;
import dev.wharf.services.rpc.CallThreads;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The gRPC server on the main unix socket. */
public final class GrpcListener implements AutoCloseable {
    /** Loops only move bytes; more of them than this brought nothing on any machine measured. */
    private static final int MOST_LOOPS = 4;

    /** How long calls under way may still take when the daemon stops. Waits (Task Wait, Subscribe) would take forever. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** A client that pings more often than this is cut off; Go clients with keepalive ping every 10 s or more. */
    private static final Duration LEAST_KEEPALIVE = Duration.ofSeconds(5);

    private static final int MOST_METADATA = 64 << 10;

    /** Calls under way on one connection, those that only wait included; clients keep one for each container. */
    private static final int MOST_CALLS = 1 << 16;

    /** Connections, those included that broke and that gRPC still keeps; each takes 7 KiB when idle. */
    private static final int MOST_CONNECTIONS = 4096;

    /** gRPC keeps a connection that broke for ten seconds; no constant of it can be read. */
    private static final Duration GOODBYE = Duration.ofSeconds(11);

    private final Server server;
    private final SocketFile file;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup loops;
    private final ExecutorService calls;

    private GrpcListener(GrpcConfig config, List<BindableService> services, List<ServerInterceptor> interceptors) {
        file = SocketFile.of(config.address(), config.uid(), config.gid());
        acceptor = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loops = new MultiThreadIoEventLoopGroup(
                Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors()), EpollIoHandler.newFactory());
        calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        CallThreads threads = new CallThreads(calls);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new DomainSocketAddress(config.address()))
                .channelFactory(GrpcListener::bounded)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(loops)
                .executor(CallThreads.READER)
                .callExecutor(threads)
                .maxInboundMessageSize(config.maxReceive())
                .maxInboundMetadataSize(MOST_METADATA)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .permitKeepAliveWithoutCalls(true)
                .permitKeepAliveTime(LEAST_KEEPALIVE.toSeconds(), TimeUnit.SECONDS);
        services.forEach(builder::addService);
        // gRPC calls the interceptor added last first; the list is in the order of a call.
        interceptors.reversed().forEach(builder::intercept);
        builder.intercept(new UnreadAnswers(unreadBytes(config)));
        builder.intercept(threads);
        server = builder.build();
    }

    /** A quarter of the heap, and no less than four of the longest messages. */
    private static int unreadBytes(GrpcConfig config) {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return (int) Math.clamp(quarter, Math.min(4L * config.maxSend(), Integer.MAX_VALUE), Integer.MAX_VALUE);
    }

    private static EpollServerDomainSocketChannel bounded() {
        EpollServerDomainSocketChannel server = new EpollServerDomainSocketChannel();
        server.pipeline().addLast(new ConnectionBound(MOST_CONNECTIONS, GOODBYE));
        return server;
    }

    /**
     * Starts to listen; the socket file is in place, with its owner, when this returns.
     *
     * @param interceptors in the order a call meets them
     */
    public static GrpcListener start(
            GrpcConfig config, List<BindableService> services, List<ServerInterceptor> interceptors)
            throws IOException {
        GrpcListener listener = new GrpcListener(config, services, interceptors);
        try {
            listener.file.prepare();
            listener.server.start();
            listener.file.own();
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.release();
            throw e;
        }
    }

    /** Refuses new calls, gives those under way a moment, cancels them and removes the socket. */
    @Override
    public void close() throws IOException {
        file.remove();
        server.shutdown();
        try {
            server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    private void release() {
        server.shutdownNow();
        acceptor.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        calls.shutdownNow();
    }
}
