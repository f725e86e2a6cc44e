package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.ttrpc.test.EchoGrpc;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StreamingCallsTest {
    private EchoServer echo;
    private TtrpcChannel channel;

    @BeforeEach
    void connect() throws IOException {
        echo = new EchoServer(settings -> settings.patience(Duration.ofMillis(200)));
        channel = TtrpcChannel.over(
                echo.connectRaw(), Thread.ofVirtual().factory(), TtrpcChannel.WRITE_TIMEOUT, Duration.ofMillis(200));
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        echo.close();
    }

    @Test
    void aServerStreamDeliversEveryMessageInOrder() {
        assertThat(blocking(channel).repeat(times("x", 5000)))
                .toIterable()
                .hasSize(5000)
                .containsOnly(times("x", 5000));
    }

    private static Word times(String text, int times) {
        return Word.newBuilder().setText(text).setTimes(times).build();
    }

    @Test
    void aServerStreamMayBeEmpty() {
        assertThat(blocking(channel).repeat(times("x", 0))).toIterable().isEmpty();
    }

    @Test
    void aServerStreamMayEndInAnErrorAfterItsMessages() {
        Iterator<Word> words = blocking(channel).repeat(times("fail", 3));
        for (int i = 0; i < 3; i++) {
            assertThat(words.next()).isEqualTo(times("fail", 3));
        }
        assertThat(failure(words::hasNext).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void aClientStreamIsAnsweredOnce() throws Exception {
        Recorder answer = new Recorder();
        StreamObserver<Word> words = EchoGrpc.newStub(channel).join(answer);
        for (int i = 0; i < 200; i++) {
            words.onNext(word(i + ","));
        }
        words.onCompleted();
        assertThat(answer.next().getText()).startsWith("0,1,2,").endsWith("198,199,");
        assertThat(answer.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void aClientStreamMayBeEmpty() throws Exception {
        Recorder answer = new Recorder();
        EchoGrpc.newStub(channel).join(answer).onCompleted();
        assertThat(answer.next()).isEqualTo(Word.getDefaultInstance());
        assertThat(answer.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void bothSidesMayTalkInTurn() throws Exception {
        Recorder answers = new Recorder();
        StreamObserver<Word> words = EchoGrpc.newStub(channel).talk(answers);
        for (int i = 0; i < 100; i++) {
            words.onNext(word("w" + i));
            assertThat(answers.next()).isEqualTo(word("w" + i));
        }
        words.onNext(Word.getDefaultInstance());
        assertThat(answers.next()).isEqualTo(Word.getDefaultInstance());
        words.onCompleted();
        assertThat(answers.end()).isEqualTo(Status.Code.OK);
    }

    @Test
    void manyStreamsShareOneConnection() throws Exception {
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                int stream = i;
                counts.add(pool.submit(() -> count(blocking(channel).repeat(times("s" + stream, 300)))));
            }
            for (Future<Integer> count : counts) {
                assertThat(count.get()).isEqualTo(300);
            }
        }
    }

    private static int count(Iterator<Word> words) {
        int count = 0;
        while (words.hasNext()) {
            words.next();
            count++;
        }
        return count;
    }

    @Test
    void aCancelledStreamEndsHereAndTheConnectionGoesOn() throws Exception {
        Recorder answers = new Recorder();
        var words = (ClientCallStreamObserver<Word>) EchoGrpc.newStub(channel).talk(answers);
        words.onNext(word("one"));
        assertThat(answers.next()).isEqualTo(word("one"));
        words.cancel("enough", null);
        assertThat(answers.end()).isEqualTo(Status.Code.CANCELLED);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @Test
    void theEndOfTheConnectionEndsStreamsOnBothSides() throws Exception {
        Recorder answers = new Recorder();
        StreamObserver<Word> words = EchoGrpc.newStub(channel).talk(answers);
        words.onNext(word("one"));
        assertThat(answers.next()).isEqualTo(word("one"));
        channel.close();
        assertThat(answers.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(echo.service.cancelled.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallerWhoTakesNothingLosesItsStreamAndNotTheConnection() throws Exception {
        Recorder answers = new Recorder();
        Paused paused = new Paused(answers);
        EchoGrpc.newStub(channel).repeat(times("x", 1000), paused);
        assertThat(answers.end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    @Test
    void aHandlerThatTakesNothingLosesItsStreamAndNotTheConnection() throws Exception {
        Recorder answer = new Recorder();
        StreamObserver<Word> words = EchoGrpc.newStub(channel).join(answer);
        words.onNext(word("hold"));
        for (int i = 0; i < InboundQueue.MAX_MESSAGES + 1; i++) {
            words.onNext(word("x"));
        }
        assertThat(answer.end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    /** Takes what a stream delivers. */
    private static final class Recorder implements StreamObserver<Word> {
        private final BlockingQueue<Word> words = new LinkedBlockingQueue<>();
        private final BlockingQueue<Status.Code> ends = new LinkedBlockingQueue<>();

        @Override
        public void onNext(Word word) {
            words.add(word);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            ends.add(Status.Code.OK);
        }

        Word next() throws InterruptedException {
            return words.poll(10, TimeUnit.SECONDS);
        }

        Status.Code end() throws InterruptedException {
            return ends.poll(10, TimeUnit.SECONDS);
        }
    }

    /** Asks for one message and never for another. */
    private record Paused(Recorder to) implements ClientResponseObserver<Word, Word> {
        @Override
        public void beforeStart(ClientCallStreamObserver<Word> call) {
            call.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(Word word) {
            to.onNext(word);
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onCompleted() {
            to.onCompleted();
        }
    }
}
