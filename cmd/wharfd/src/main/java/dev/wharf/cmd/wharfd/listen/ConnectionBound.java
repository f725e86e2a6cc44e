package dev.wharf.cmd.wharfd.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Accepts no further connection while as many are held as may be: those over the bound wait in the socket's backlog.
 *
 * <p>A connection is held while it is open and, where gRPC said goodbye on it, until gRPC forgets it. For a peer that
 * hangs up early it says so to nobody and waits ten seconds for an answer, with all of the connection's state: without
 * a bound, one that connects and hangs up in a loop would fill the heap.
 */
final class ConnectionBound extends ChannelInboundHandlerAdapter {
    private final int most;
    private final Duration goodbye;

    /** Used by the server channel's loop alone. */
    private int held;

    /**
     * One for one server channel.
     *
     * @param goodbye for how long gRPC keeps a connection it said goodbye on
     */
    ConnectionBound(int most, Duration goodbye) {
        this.most = most;
        this.goodbye = goodbye;
    }

    @Override
    public void channelRead(ChannelHandlerContext server, Object accepted) {
        held++;
        if (held >= most) {
            server.channel().config().setAutoRead(false);
        }
        Channel connection = (Channel) accepted;
        connection.closeFuture().addListener(_ -> closed(server, connection));
        server.fireChannelRead(accepted);
    }

    private void closed(ChannelHandlerContext server, Channel connection) {
        Http2ConnectionHandler http2 = connection.pipeline().get(Http2ConnectionHandler.class);
        // Once what closed it has come to its end: gRPC may say goodbye after the socket is gone.
        connection.eventLoop().execute(() -> {
            long wait = saidGoodbye(http2) ? goodbye.toNanos() : 0;
            server.executor().schedule(() -> forgotten(server), wait, TimeUnit.NANOSECONDS);
        });
    }

    private static boolean saidGoodbye(@Nullable Http2ConnectionHandler http2) {
        return http2 != null && http2.connection().goAwaySent();
    }

    private void forgotten(ChannelHandlerContext server) {
        held--;
        if (held < most) {
            server.channel().config().setAutoRead(true);
        }
    }
}
