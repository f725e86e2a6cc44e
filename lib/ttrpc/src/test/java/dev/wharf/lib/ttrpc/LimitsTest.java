package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wharf.lib.ttrpc.test.EchoGrpc;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.Status;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class LimitsTest {
    /** Bytes of a response body around the blob of a word: tag and length of the payload, and of the blob. */
    private static final int AROUND = 10;

    @Test
    void messagesAtTheLimitPassBothWays() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            int blob = Wire.MAX_BODY_BYTES - AROUND;
            assertThat(blocking(channel).say(big(blob)).getBlob().size()).isEqualTo(blob);
            // The request's own names take room too.
            int room = blob - "wharf.ttrpc.test.Echo".length() - "Say".length() - 4;
            Word sent = Word.newBuilder()
                    .setBlob(ByteString.copyFrom(new byte[room]))
                    .build();
            assertThat(blocking(channel).say(sent)).isEqualTo(sent);
        }
    }

    private static Word big(int bytes) {
        return Word.newBuilder().setText("big").setTimes(bytes).build();
    }

    @Test
    void aResponseOverTheLimitFailsItsCallOnly() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            var failure = failure(() -> blocking(channel).say(big(Wire.MAX_BODY_BYTES - AROUND + 1)));
            assertThat(failure.getStatus())
                    .extracting(Status::getCode, Status::getDescription)
                    .containsExactly(
                            Status.Code.RESOURCE_EXHAUSTED,
                            "message length 4194305 exceed maximum message size of 4194304");
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    @Test
    void aRequestOverTheLimitFailsUnsent() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            Word tooBig = Word.newBuilder()
                    .setBlob(ByteString.copyFrom(new byte[Wire.MAX_BODY_BYTES]))
                    .build();
            assertThat(failure(() -> blocking(channel).say(tooBig)).getStatus().getCode())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    @Test
    void aStreamMessageOverTheLimitFailsItsCallOnly() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            var words = EchoGrpc.newBlockingStub(channel)
                    .repeat(Word.newBuilder()
                            .setTimes(1)
                            .setBlob(ByteString.copyFrom(new byte[Wire.MAX_BODY_BYTES]))
                            .build());
            assertThat(failure(words::hasNext).getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    @Test
    void callsAboveTheBoundAreRefusedAndOthersGoOn() throws Exception {
        try (EchoServer echo =
                        new EchoServer(settings -> settings.maxInFlight(4).patience(Duration.ofMillis(50)));
                TtrpcChannel channel = echo.connect()) {
            List<Future<Word>> held = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                held.add(EchoGrpc.newFutureStub(channel).say(word("hold")));
            }
            echo.service.waiting.acquire(4);
            assertThat(failure(() -> blocking(channel).say(word("x")))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            echo.service.release.countDown();
            for (Future<Word> answer : held) {
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(word("held"));
            }
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    @Test
    void callsThatMissTheirDeadlineGiveTheirPlacesBack() throws Exception {
        try (EchoServer echo = new EchoServer(settings -> settings.maxInFlight(2));
                TtrpcChannel channel = echo.connect()) {
            for (int i = 0; i < 50; i++) {
                var failure = failure(() -> blocking(channel)
                        .withDeadlineAfter(Duration.ofMillis(5))
                        .say(word("wait")));
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            }
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    @Test
    void endedCallsAreForgottenHoweverTheyEnd() throws Exception {
        Random random = new Random(20260104);
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect()) {
            List<Future<?>> calls = new ArrayList<>();
            try (var pool = Executors.newFixedThreadPool(8)) {
                for (int i = 0; i < 4000; i++) {
                    Duration deadline = Duration.ofNanos(1000L * random.nextInt(2000));
                    boolean cancel = random.nextInt(4) == 0;
                    calls.add(pool.submit(() -> callSomehow(channel, deadline, cancel)));
                }
                for (Future<?> call : calls) {
                    call.get();
                }
            }
            assertThat(channel.callsInFlight()).isZero();
            assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
        }
    }

    private static void callSomehow(TtrpcChannel channel, Duration deadline, boolean cancel) {
        var call = EchoGrpc.newFutureStub(channel).withDeadlineAfter(deadline).say(word("x"));
        if (cancel) {
            call.cancel(true);
        } else {
            try {
                assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(word("x"));
            } catch (ExecutionException missed) {
                assertThat(Status.fromThrowable(missed).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Asks for far more than sockets and queues hold and reads nothing. */
    @Test
    void aPeerThatNeverReadsLosesItsConnectionAndNoOtherNotices() throws Exception {
        try (EchoServer echo = new EchoServer(settings -> settings.writeTimeout(Duration.ofMillis(300)));
                TtrpcChannel other = echo.connect();
                RawPeer deaf = new RawPeer(echo.connectRaw())) {
            Thread asking = Thread.ofVirtual().start(() -> askForMuch(deaf));
            assertThat(asking.join(Duration.ofSeconds(30))).isTrue();
            assertThat(blocking(other).say(word("on"))).isEqualTo(word("on"));
            // The send queue holds eight, and what was started before it was full waits; not thousands.
            assertThat(echo.service.big).hasValueBetween(8, 256);
        }
    }

    private static void askForMuch(RawPeer deaf) {
        byte[] body = RawPeer.request("Say", big(1 << 20).toByteArray());
        try {
            for (int id = 1; ; id += 2) {
                deaf.send(id, Wire.TYPE_REQUEST, 0, body);
            }
        } catch (IOException closedByServer) {
            assertThat(closedByServer).isNotNull();
        }
    }

    @Test
    void aServerThatNeverReadsCostsTheCallerItsDeadlineOnly() throws Exception {
        try (EchoServer unused = new EchoServer();
                var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var path = unused.directory.resolve("deaf.sock");
            listener.bind(UnixDomainSocketAddress.of(path));
            CountDownLatch closed = new CountDownLatch(1);
            try (TtrpcChannel channel = TtrpcChannel.over(
                            SocketChannel.open(UnixDomainSocketAddress.of(path)),
                            TtrpcChannel.PLATFORM,
                            Duration.ofMillis(500),
                            TtrpcChannel.PATIENCE);
                    SocketChannel deaf = listener.accept()) {
                channel.onClose(closed::countDown);
                Word large = Word.newBuilder()
                        .setBlob(ByteString.copyFrom(new byte[1 << 20]))
                        .build();
                for (int i = 0; i < 20; i++) {
                    var failure = failure(() -> blocking(channel)
                            .withDeadlineAfter(Duration.ofMillis(50))
                            .say(large));
                    assertThat(failure.getStatus().getCode())
                            .isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNAVAILABLE);
                }
                assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(deaf.isOpen()).isTrue();
            } finally {
                Files.deleteIfExists(path);
            }
        }
    }
}
