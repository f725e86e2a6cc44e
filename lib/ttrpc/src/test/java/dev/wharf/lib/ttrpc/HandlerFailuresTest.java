package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.ttrpc.test.EchoGrpc;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is thrown while a call is handled, its caller gets an answer and the connection goes on. */
final class HandlerFailuresTest {
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

    static Stream<Named<Runnable>> failures() {
        return Stream.of(
                Named.of("a stack without end", () -> descend(1)),
                Named.of("no memory", () -> {
                    throw new OutOfMemoryError("as if the heap were full");
                }),
                Named.of("a class that does not link", () -> {
                    throw new BootstrapMethodError("as if", null);
                }),
                Named.of("an assertion", () -> {
                    throw new AssertionError();
                }),
                Named.of("an error that cannot even be printed", () -> {
                    throw new Unprintable();
                }),
                Named.of("a status that contradicts its own details", () -> {
                    throw contradiction();
                }));
    }

    private static int descend(int depth) {
        return depth < 0 ? 0 : depth + descend(depth + 1);
    }

    private static final class Unprintable extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    /** protobuf refuses to make one message of such a pair. */
    private static StatusRuntimeException contradiction() {
        Metadata trailers = new Metadata();
        trailers.merge(
                StatusProto.toStatusRuntimeException(EchoService.detailed()).getTrailers());
        return Status.UNKNOWN.asRuntimeException(trailers);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailingHandlerIsAnswered(Runnable broken) {
        echo.service.failure = broken;
        assertThat(failure(() -> blocking(channel).say(word("broken")))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNKNOWN);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aHandlerThatFailsInTheMiddleOfAStreamIsAnswered(Runnable broken) throws Exception {
        echo.service.failure = broken;
        CompletableFuture<Word> answer = new CompletableFuture<>();
        StreamObserver<Word> words = EchoGrpc.newStub(channel).join(completing(answer));
        words.onNext(word("fine"));
        words.onNext(word("broken"));
        assertThat(statusOf(answer).getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    private static StreamObserver<Word> completing(CompletableFuture<Word> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(Word value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable thrown) {
                answer.completeExceptionally(thrown);
            }

            @Override
            public void onCompleted() {
                answer.cancel(false);
            }
        };
    }

    private static Status statusOf(CompletableFuture<Word> answer) throws Exception {
        try {
            throw new AssertionError("answered " + answer.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return Status.fromThrowable(failed.getCause());
        }
    }

    @Test
    void anErrorWhileTheAnswerIsReadEndsTheCall() {
        var say = EchoGrpc.getSayMethod().toBuilder(EchoGrpc.getSayMethod().getRequestMarshaller(), new Overflowing())
                .build();
        var failure = failure(() -> ClientCalls.blockingUnaryCall(channel, say, CallOptions.DEFAULT, word("x")));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(failure.getStatus().getCause()).isInstanceOf(StackOverflowError.class);
    }

    private static final class Overflowing implements MethodDescriptor.Marshaller<Word> {
        @Override
        public InputStream stream(Word value) {
            return value.toByteString().newInput();
        }

        @Override
        public Word parse(InputStream stream) {
            throw new StackOverflowError();
        }
    }
}
