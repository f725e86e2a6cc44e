package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.wharf.lib.ttrpc.test.EchoGrpc;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UnaryCallsTest {
    private EchoServer echo;
    private TtrpcChannel channel;

    @BeforeEach
    void connect() throws IOException {
        echo = new EchoServer();
        channel = echo.connect();
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        echo.close();
    }

    @Test
    void aCallIsAnswered() {
        assertThat(blocking(channel).say(word("hello"))).isEqualTo(word("hello"));
    }

    @Test
    void anEmptyMessageIsAMessage() {
        assertThat(blocking(channel).say(Word.getDefaultInstance())).isEqualTo(Word.getDefaultInstance());
    }

    @Test
    void futureStubsWork() throws Exception {
        assertThat(EchoGrpc.newFutureStub(channel).say(word("later")).get(10, TimeUnit.SECONDS))
                .isEqualTo(word("later"));
    }

    @Test
    void aThousandCallsFromSixteenThreadsShareOneConnection() throws Exception {
        try (var pool = Executors.newFixedThreadPool(16)) {
            List<Callable<Word>> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                Word word = Word.newBuilder()
                        .setText("n" + i)
                        .setBlob(ByteString.copyFrom(new byte[i * 37]))
                        .build();
                calls.add(() -> blocking(channel).say(word));
            }
            List<Future<Word>> answers = pool.invokeAll(calls);
            for (int i = 0; i < answers.size(); i++) {
                Word answer = answers.get(i).get();
                assertThat(answer.getText()).isEqualTo("n" + i);
                assertThat(answer.getBlob().size()).isEqualTo(i * 37);
            }
        }
    }

    @Test
    void manyCallsAreInFlightAtOnce() throws Exception {
        List<Future<Word>> held = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            held.add(EchoGrpc.newFutureStub(channel).say(word("hold")));
        }
        echo.service.waiting.acquire(500);
        assertThat(blocking(channel).say(word("between"))).isEqualTo(word("between"));
        echo.service.release.countDown();
        for (Future<Word> answer : held) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(word("held"));
        }
    }

    @Test
    void statusArrivesWithItsDetails() {
        var failure = failure(() -> blocking(channel).say(word("details")));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(StatusProto.fromThrowable(failure)).isEqualTo(EchoService.detailed());
    }

    @Test
    void aBrokenHandlerIsUnknownAndTheConnectionGoesOn() {
        assertThat(failure(() -> blocking(channel).say(word("throw")))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNKNOWN);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @Test
    void aHandlerThatAnswersNothingIsAnInternalError() {
        assertThat(failure(() -> blocking(channel).say(word("nothing")))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void theDeadlineReachesTheServer() {
        assertThat(blocking(channel).say(word("deadline")).getText()).isEqualTo("false");
        assertThat(blocking(channel)
                        .withDeadlineAfter(Duration.ofMinutes(1))
                        .say(word("deadline"))
                        .getText())
                .isEqualTo("true");
    }

    @Test
    void theDeadlineEndsTheCallOnBothSides() throws Exception {
        var failure = failure(
                () -> blocking(channel).withDeadlineAfter(Duration.ofMillis(50)).say(word("wait")));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(echo.service.cancelled.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @Test
    void aDeadlineInThePastEndsTheCallUnsent() {
        var failure = failure(
                () -> blocking(channel).withDeadlineAfter(Duration.ofMillis(-1)).say(word("wait")));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(echo.service.waiting.availablePermits()).isZero();
    }

    @Test
    void theDeadlineOfTheContextCountsToo() {
        try (var context = Context.current()
                .withDeadlineAfter(50, TimeUnit.MILLISECONDS, Executors.newSingleThreadScheduledExecutor(daemon()))) {
            var failure = failure(() -> context.run(() -> blocking(channel).say(word("wait"))));
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    private static ThreadFactory daemon() {
        return Thread.ofPlatform().daemon().factory();
    }

    @Test
    void aCancelledCallEndsHereAndTheConnectionGoesOn() throws Exception {
        var call = EchoGrpc.newFutureStub(channel).say(word("hold"));
        echo.service.waiting.acquire();
        call.cancel(true);
        assertThatThrownBy(call::get).isInstanceOf(CancellationException.class);
        echo.service.release.countDown();
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @Test
    void aCancelledContextCancelsTheCall() throws Exception {
        Context.CancellableContext context = Context.current().withCancellation();
        var call = context.call(() -> EchoGrpc.newFutureStub(channel).say(word("hold")));
        echo.service.waiting.acquire();
        context.cancel(new TestCancel());
        var failure = Status.fromThrowable(catchThrowable(() -> call.get(10, TimeUnit.SECONDS)));
        assertThat(failure.getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    private static final class TestCancel extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void theCancelledContextOfAClosedConnectionReachesTheHandler() throws Exception {
        var call = EchoGrpc.newFutureStub(channel).say(word("wait"));
        echo.service.waiting.acquire();
        channel.close();
        assertThat(echo.service.cancelled.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(call).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void unknownMethodsAndServicesAreUnimplementedInGosWords() {
        assertThat(failure(() -> call("wharf.ttrpc.test.Echo/Sing")).getStatus())
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(Status.Code.UNIMPLEMENTED, "method Sing");
        assertThat(failure(() -> call("no.such.Service/Say")).getStatus())
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(Status.Code.UNIMPLEMENTED, "service no.such.Service");
    }

    private Empty call(String fullMethod) {
        var empty = ProtoUtils.marshaller(Empty.getDefaultInstance());
        var method = MethodDescriptor.newBuilder(empty, empty)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(fullMethod)
                .build();
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, Empty.getDefaultInstance());
    }

    @Test
    void callsOnAClosedChannelAreUnavailable() throws Exception {
        var closed = new CountDownLatch(2);
        channel.onClose(closed::countDown);
        channel.close();
        channel.onClose(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.isClosed()).isTrue();
        assertThat(failure(() -> blocking(channel).say(word("x"))).getStatus())
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(Status.Code.UNAVAILABLE, "ttrpc: closed");
    }

    @Test
    void connectToNobodyFails() {
        assertThatThrownBy(() -> TtrpcChannel.connect(echo.directory.resolve("none"), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    @Test
    void connectToAnAbstractAddressSaysWhy() {
        assertThatThrownBy(() -> TtrpcChannel.connect(Path.of("@/containerd-shim/x.sock"), Duration.ofSeconds(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("abstract unix socket addresses are not supported");
    }

    @Test
    void connectStopsWaitingForAFullBacklog() throws Exception {
        Path busy = echo.directory.resolve("busy.sock");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(busy), 1);
            List<TtrpcChannel> open = new ArrayList<>();
            assertThatThrownBy(() -> {
                        while (open.size() < 100) {
                            open.add(TtrpcChannel.connect(busy, Duration.ofMillis(100)));
                        }
                    })
                    .hasCauseInstanceOf(SocketTimeoutException.class);
            open.forEach(TtrpcChannel::close);
        } finally {
            Files.deleteIfExists(busy);
        }
    }
}
