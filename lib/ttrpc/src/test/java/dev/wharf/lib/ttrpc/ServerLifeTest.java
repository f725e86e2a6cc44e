package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.ttrpc.test.EchoGrpc;
import io.grpc.Status;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ServerLifeTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void shutdownAnswersCallsUnderWayAndRefusesNewOnes() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel busy = echo.connect();
                TtrpcChannel idle = echo.connect()) {
            var held = EchoGrpc.newFutureStub(busy).say(word("hold"));
            echo.service.waiting.acquire();
            assertThat(blocking(idle).say(word("x"))).isEqualTo(word("x"));
            FutureTask<Boolean> shutdown = start(() -> echo.server.shutdown(LONG));
            // The idle connection is closed first; once it is, the busy one drains.
            awaitClosed(idle);
            assertThat(Files.exists(echo.socket)).isFalse();
            assertThat(failure(() -> drained(busy)).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            echo.service.release.countDown();
            assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo(word("held"));
            assertThat(shutdown.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Calls until the draining of this connection shows, which begins on another thread. */
    private static void drained(TtrpcChannel channel) {
        for (int i = 0; i < 10_000; i++) {
            var _ = blocking(channel).say(word("x"));
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static void awaitClosed(TtrpcChannel channel) throws InterruptedException {
        var closed = new CountDownLatch(1);
        channel.onClose(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** A timer would keep all of the connection in memory until it runs. */
    @Test
    void aConnectionThatHasEndedLeavesNoTimer() throws Exception {
        try (EchoServer echo = new EchoServer()) {
            int before = timers();
            for (int i = 0; i < 50; i++) {
                try (TtrpcChannel channel = echo.connect()) {
                    assertThat(blocking(channel).say(word("x"))).isEqualTo(word("x"));
                }
            }
            for (int look = 0; look < 500 && timers() > before; look++) {
                Thread.sleep(10);
            }
            assertThat(timers()).isLessThanOrEqualTo(before);
        }
    }

    private static int timers() {
        return ((ScheduledThreadPoolExecutor) Timers.shared()).getQueue().size();
    }

    @Test
    void shutdownEndsWhenTheTimeIsUp() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            var waiting = EchoGrpc.newFutureStub(channel).say(word("wait"));
            echo.service.waiting.acquire();
            assertThat(echo.server.shutdown(Duration.ofMillis(50))).isFalse();
            assertThat(waiting).failsWithin(Duration.ofSeconds(10));
            assertThat(echo.service.cancelled.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeCancelsCallsUnderWay() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            var call = start(() -> failure(() -> blocking(channel).say(word("wait"))));
            echo.service.waiting.acquire();
            echo.server.close();
            assertThat(call.get(10, TimeUnit.SECONDS).getStatus())
                    .extracting(Status::getCode, Status::getDescription)
                    .containsExactly(Status.Code.UNAVAILABLE, "ttrpc: closed");
            assertThat(echo.service.cancelled.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theSocketFileHasTheModeAskedFor() throws Exception {
        try (EchoServer echo = new EchoServer()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(echo.socket)))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void aStaleSocketIsReplacedAndALiveOneIsNot() throws Exception {
        Path directory = Files.createTempDirectory("ttrpc");
        Path path = directory.resolve("s.sock");
        var mode = PosixFilePermissions.fromString("rw-------");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        try (TtrpcServer first = TtrpcServer.builder().add(new EchoService()).build();
                TtrpcServer second =
                        TtrpcServer.builder().add(new EchoService()).build()) {
            first.listen(path, mode);
            assertThatThrownBy(() -> second.listen(path, mode))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("already in use");
            try (TtrpcChannel channel = TtrpcChannel.connect(path, LONG)) {
                assertThat(blocking(channel).say(word("x"))).isEqualTo(word("x"));
            }
        }
        assertThat(Files.exists(path)).isFalse();
        Files.writeString(path, "mine");
        try (TtrpcServer server = TtrpcServer.builder().build()) {
            assertThatThrownBy(() -> server.listen(path, mode)).hasMessageContaining("not a socket");
        }
        Files.delete(path);
        Files.delete(directory);
    }

    @Test
    void aConnectedSocketCanBeServed() throws Exception {
        Path directory = Files.createTempDirectory("ttrpc");
        Path path = directory.resolve("s.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            SocketChannel near = SocketChannel.open(UnixDomainSocketAddress.of(path));
            try (TtrpcServer server =
                            TtrpcServer.builder().add(new EchoService()).build();
                    TtrpcChannel channel = TtrpcChannel.over(near)) {
                server.serve(listener.accept());
                assertThat(blocking(channel).say(word("x"))).isEqualTo(word("x"));
            }
        } finally {
            Files.delete(path);
            Files.delete(directory);
        }
    }

    @Test
    void aStoppedServerServesNothing() throws Exception {
        try (EchoServer echo = new EchoServer()) {
            echo.server.close();
            assertThatThrownBy(() -> echo.server.listen(
                            echo.directory.resolve("x.sock"), PosixFilePermissions.fromString("rw-------")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("server closed");
        }
    }

    @Test
    void oneServiceCannotBeServedTwice() {
        assertThatThrownBy(() -> TtrpcServer.builder()
                        .add(new EchoService())
                        .add(new EchoService())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duplicate service wharf.ttrpc.test.Echo");
    }
}
