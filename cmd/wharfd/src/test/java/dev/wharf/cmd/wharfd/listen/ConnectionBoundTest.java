package dev.wharf.cmd.wharfd.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2EventAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionBoundTest {
    private final EmbeddedChannel server = new EmbeddedChannel(new ConnectionBound(2, Duration.ofSeconds(11)));
    private final EmbeddedChannel first = new EmbeddedChannel();
    private final Http2ConnectionHandler http2 = new Http2ConnectionHandlerBuilder()
            .server(true)
            .frameListener(new Http2EventAdapter())
            .build();
    private final EmbeddedChannel second = new EmbeddedChannel(http2);

    @BeforeEach
    void freezeTime() {
        server.freezeTime();
    }

    private boolean accepts() {
        server.runPendingTasks();
        server.runScheduledPendingTasks();
        return server.config().isAutoRead();
    }

    @Test
    void acceptsUntilTheBoundAndAgainOnceOneIsClosed() {
        server.writeInbound(first);
        assertThat(accepts()).isTrue();
        server.writeInbound(second);
        assertThat(accepts()).isFalse();
        assertThat(server.<Object>readInbound()).isSameAs(first);
        assertThat(server.<Object>readInbound()).isSameAs(second);
        first.close();
        first.runPendingTasks();
        assertThat(accepts()).isTrue();
    }

    @Test
    void aConnectionOnWhichGoodbyeWasSaidCountsUntilThatIsForgotten() {
        server.writeInbound(first, second);
        http2.goAway(second.pipeline().firstContext(), 0, 0, Unpooled.EMPTY_BUFFER, second.newPromise());
        second.close();
        second.runPendingTasks();
        server.advanceTimeBy(10, TimeUnit.SECONDS);
        assertThat(accepts()).isFalse();
        server.advanceTimeBy(2, TimeUnit.SECONDS);
        assertThat(accepts()).isTrue();
    }
}
