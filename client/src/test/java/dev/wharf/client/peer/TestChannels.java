package dev.wharf.client.peer;

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

/** gRPC channels for tests. */
public final class TestChannels implements ChannelFactory {
    @Override
    public Connection connect(Path socket) {
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class)
                .usePlaintext()
                .overrideAuthority("localhost")
                .maxInboundMessageSize(WharfClient.MAX_MESSAGE)
                .build();
        return new Connection() {
            @Override
            public Channel channel() {
                return channel;
            }

            @Override
            public void close() {
                channel.shutdownNow();
                loop.shutdownGracefully();
            }
        };
    }
}
