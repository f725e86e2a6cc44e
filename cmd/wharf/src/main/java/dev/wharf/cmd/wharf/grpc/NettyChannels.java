package dev.wharf.cmd.wharf.grpc;

import dev.wharf.client.ChannelFactory;
import dev.wharf.client.WharfClient;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes gRPC channels by Netty's native epoll, each with one event loop. */
public final class NettyChannels implements ChannelFactory {
    /** Kept here because the JDK forgets the level of a logger nobody holds. */
    private static final Logger NETTY = Logger.getLogger("io.netty");

    private static final Logger GRPC = Logger.getLogger("io.grpc");

    /** A factory; Netty and gRPC are kept from writing to standard error. */
    public NettyChannels() {
        NETTY.setLevel(Level.OFF);
        GRPC.setLevel(Level.OFF);
    }

    @Override
    public Connection connect(Path socket) {
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class)
                .usePlaintext()
                .overrideAuthority("localhost")
                .directExecutor()
                .maxInboundMessageSize(WharfClient.MAX_MESSAGE)
                .build();
        return new NettyConnection(channel, loop);
    }

    private record NettyConnection(ManagedChannel managed, MultiThreadIoEventLoopGroup loop) implements Connection {
        @Override
        public Channel channel() {
            return managed;
        }

        @Override
        public void close() {
            managed.shutdownNow();
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }
}
