package dev.wharf.services.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.WriteAction;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.core.oci.Digest;
import dev.wharf.services.testing.FakeContentStore;
import dev.wharf.services.testing.TestServer;
import dev.wharf.wire.Times;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteSessionTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final Digest HELLO_DIGEST = Digest.sha256(HELLO);
    private static final Digest EMPTY_DIGEST = Digest.sha256(new byte[0]);

    private TestServer server;
    private FakeContentStore store;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        store = server.content;
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** The client's end of a stream of writes. */
    private final class Client implements ClientResponseObserver<WriteContentRequest, WriteContentResponse> {
        private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private @Nullable ClientCallStreamObserver<WriteContentRequest> requests;

        Client() {
            server.stub(ContentGrpc::newStub).write(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WriteContentRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(WriteContentResponse message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            received.add(failure);
        }

        @Override
        public void onCompleted() {
            received.add("end");
        }

        ClientCallStreamObserver<WriteContentRequest> requests() {
            return Objects.requireNonNull(requests);
        }

        Client send(WriteContentRequest.Builder request) {
            requests().onNext(request.build());
            return this;
        }

        Object next() throws InterruptedException {
            return Objects.requireNonNull(received.poll(20, TimeUnit.SECONDS), "nothing came");
        }

        WriteContentResponse answer() throws InterruptedException {
            Object next = next();
            assertThat(next).isInstanceOf(WriteContentResponse.class);
            return (WriteContentResponse) next;
        }

        void refused(Status.Code code, String text) throws InterruptedException {
            Object next = next();
            assertThat(next).isInstanceOf(StatusRuntimeException.class);
            Status status = ((StatusRuntimeException) next).getStatus();
            assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
            assertThat(status.getDescription()).isEqualTo(text);
        }
    }

    private static WriteContentRequest.Builder action(WriteAction action) {
        return WriteContentRequest.newBuilder().setAction(action);
    }

    private static WriteContentRequest.Builder stat(String ref) {
        return action(WriteAction.STAT).setRef(ref);
    }

    private static WriteContentRequest.Builder data(WriteAction action, long offset, byte[] bytes) {
        return action(action).setOffset(offset).setData(ByteString.copyFrom(bytes));
    }

    /** Waits until the store has so many writers open; the end of a call reaches the service a little later. */
    private void awaitWriters(int count) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (store.openWriters.get() != count && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(store.openWriters).hasValue(count);
    }

    /** As containerd does, which does nothing and gives the action back. */
    @Test
    void anActionNobodyKnowsIsAnsweredWithWhereTheIngestStands() throws Exception {
        Client client = new Client()
                .send(WriteContentRequest.newBuilder().setActionValue(77).setRef("r"));

        WriteContentResponse answer = client.answer();
        assertThat(answer.getActionValue()).isEqualTo(77);
        assertThat(answer.getOffset()).isZero();
    }

    @Test
    void statTellsWhereTheIngestStands() throws Exception {
        Client client = new Client().send(stat("r").setTotal(5));

        WriteContentResponse answer = client.answer();
        assertThat(answer.getAction()).isEqualTo(WriteAction.STAT);
        assertThat(answer.getOffset()).isZero();
        assertThat(answer.getTotal()).isEqualTo(5);
        assertThat(answer.getDigest()).isEqualTo(EMPTY_DIGEST.toString());
        assertThat(Times.fromProto(answer.getStartedAt())).isEqualTo(FakeContentStore.MADE);
        assertThat(Times.fromProto(answer.getUpdatedAt())).isEqualTo(FakeContentStore.MADE);
    }

    @Test
    void writesAndCommitMakeABlob() throws Exception {
        Client client = new Client().send(stat("r"));
        client.answer();

        client.send(data(WriteAction.WRITE, 0, new byte[] {'h', 'e'}));
        WriteContentResponse written = client.answer();
        assertThat(written.getAction()).isEqualTo(WriteAction.WRITE);
        assertThat(written.getOffset()).isEqualTo(2);
        assertThat(written.getDigest())
                .isEqualTo(Digest.sha256(new byte[] {'h', 'e'}).toString());

        client.send(data(WriteAction.WRITE, 2, new byte[] {'l', 'l', 'o'}));
        assertThat(client.answer().getOffset()).isEqualTo(5);

        client.send(action(WriteAction.COMMIT)
                .setOffset(5)
                .setTotal(5)
                .setExpected(HELLO_DIGEST.toString())
                .putLabels("a", "b"));
        WriteContentResponse committed = client.answer();
        assertThat(committed.getAction()).isEqualTo(WriteAction.COMMIT);
        assertThat(committed.getOffset()).isEqualTo(5);
        assertThat(committed.getTotal()).isZero();
        assertThat(committed.getDigest()).isEqualTo(HELLO_DIGEST.toString());
        assertThat(client.next()).isEqualTo("end");
        assertThat(store.info(TestServer.CTX, HELLO_DIGEST).labels()).isEqualTo(Map.of("a", "b"));
        awaitWriters(0);
    }

    @Test
    void oneMessageMayWriteAndCommit() throws Exception {
        Client client = new Client().send(data(WriteAction.COMMIT, 0, HELLO).setRef("r"));

        assertThat(client.answer().getDigest()).isEqualTo(HELLO_DIGEST.toString());
        assertThat(client.next()).isEqualTo("end");
        assertThat(store.blobs).containsKey("test/" + HELLO_DIGEST);
    }

    @Test
    void firstMessageMustHaveAReference() throws Exception {
        Client client = new Client().send(action(WriteAction.STAT));

        client.refused(Status.Code.INVALID_ARGUMENT, "first message must have a reference");
    }

    @Test
    void secondWriterOfAReferenceIsRefusedWhileTheFirstHasIt() throws Exception {
        Client first = new Client().send(stat("r"));
        first.answer();

        new Client().send(stat("r")).refused(Status.Code.UNAVAILABLE, "ref r locked: unavailable");

        first.send(data(WriteAction.WRITE, 0, HELLO));
        assertThat(first.answer().getOffset()).isEqualTo(5);
    }

    @Test
    void endOfTheStreamReleasesTheWriterAndKeepsTheBytes() throws Exception {
        Client first = new Client().send(data(WriteAction.WRITE, 0, HELLO).setRef("r"));
        first.answer();
        first.requests().onCompleted();
        assertThat(first.next()).isEqualTo("end");

        WriteContentResponse answer = new Client().send(stat("r")).answer();
        assertThat(answer.getOffset()).isEqualTo(5);
        assertThat(answer.getDigest()).isEqualTo(HELLO_DIGEST.toString());
    }

    @Test
    void clientThatGoesReleasesTheWriter() throws Exception {
        Client client = new Client().send(data(WriteAction.WRITE, 0, HELLO).setRef("r"));
        client.answer();
        awaitWriters(1);

        client.requests().cancel("bye", null);

        awaitWriters(0);
        assertThat(store.ingests).containsKey("r");
    }

    @Test
    void clientThatEndsBeforeTheFirstMessageIsAnswered() throws Exception {
        Client client = new Client();
        client.requests().onCompleted();

        assertThat(client.next()).isEqualTo("end");
    }

    @Test
    void writeElsewhereThanAtTheOffsetIsOutOfRange() throws Exception {
        Client client = new Client().send(data(WriteAction.WRITE, 0, HELLO).setRef("r"));
        client.answer();

        client.send(data(WriteAction.WRITE, 7, HELLO));

        client.refused(Status.Code.OUT_OF_RANGE, "write @7 must occur at current offset 5");
        awaitWriters(0);
    }

    @Test
    void writeAtTheStartThrowsAwayWhatWasWritten() throws Exception {
        Client client = new Client()
                .send(data(WriteAction.WRITE, 0, new byte[] {1, 2, 3}).setRef("r"));
        client.answer();

        client.send(data(WriteAction.WRITE, 0, HELLO));
        WriteContentResponse answer = client.answer();

        assertThat(answer.getOffset()).isEqualTo(5);
        assertThat(answer.getDigest()).isEqualTo(HELLO_DIGEST.toString());
    }

    @Test
    void expectedBlobThatIsThereIsRefusedAtOnce() throws Exception {
        store.put(TestServer.CTX, HELLO);

        Client client = new Client().send(stat("r").setExpected(HELLO_DIGEST.toString()));

        client.refused(Status.Code.ALREADY_EXISTS, "content " + HELLO_DIGEST + ": already exists");
    }

    @Test
    void expectedBlobThatCameMeanwhileEndsAndRemovesTheIngest() throws Exception {
        Client client =
                new Client().send(data(WriteAction.WRITE, 0, new byte[] {'h'}).setRef("r"));
        client.answer();
        store.put(TestServer.CTX, HELLO);

        client.send(data(WriteAction.WRITE, 1, new byte[] {'e'}).setExpected(HELLO_DIGEST.toString()));

        client.refused(Status.Code.ALREADY_EXISTS, "blob with expected digest " + HELLO_DIGEST + " exists");
        awaitWriters(0);
        assertThat(store.ingests).doesNotContainKey("r");
    }

    @Test
    void commitOfWrongSizeFailsAndTheIngestStays() throws Exception {
        Client client =
                new Client().send(data(WriteAction.COMMIT, 0, HELLO).setRef("r").setTotal(6));

        client.refused(Status.Code.FAILED_PRECONDITION, "unexpected commit size 5, expected 6: failed precondition");
        awaitWriters(0);
        assertThat(store.ingests).containsKey("r");
    }

    @Test
    void totalOfALaterMessageCounts() throws Exception {
        Client client = new Client().send(stat("r").setTotal(9));
        client.answer();

        client.send(data(WriteAction.COMMIT, 0, HELLO).setTotal(5));

        assertThat(client.answer().getDigest()).isEqualTo(HELLO_DIGEST.toString());
        assertThat(client.next()).isEqualTo("end");
    }

    @Test
    void commitOfWrongDigestFails() throws Exception {
        Client client =
                new Client().send(data(WriteAction.COMMIT, 0, HELLO).setRef("r").setExpected(EMPTY_DIGEST.toString()));

        client.refused(
                Status.Code.FAILED_PRECONDITION,
                "unexpected commit digest " + HELLO_DIGEST + ", expected " + EMPTY_DIGEST + ": failed precondition");
    }

    @Test
    void commitOfABlobThatIsThereSaysSo() throws Exception {
        store.put(TestServer.CTX, HELLO);

        Client client = new Client().send(data(WriteAction.COMMIT, 0, HELLO).setRef("r"));

        client.refused(Status.Code.ALREADY_EXISTS, "content " + HELLO_DIGEST + ": already exists");
        awaitWriters(0);
    }

    @Test
    void expectedThatIsNoDigestIsRefused() throws Exception {
        new Client()
                .send(stat("r").setExpected("sha256:zz"))
                .refused(Status.Code.INVALID_ARGUMENT, "\"sha256:zz\" failed validation");
    }

    @Test
    void namespaceIsRequired() throws Exception {
        LinkedBlockingQueue<Status> ends = new LinkedBlockingQueue<>();
        var call = server.channel().newCall(ContentGrpc.getWriteMethod(), io.grpc.CallOptions.DEFAULT);
        call.start(
                new io.grpc.ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ends.add(status);
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(stat("r").build());

        Status end = Objects.requireNonNull(ends.poll(20, TimeUnit.SECONDS));
        assertThat(end.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(end.getDescription()).isEqualTo("namespace is required: failed precondition");
    }

    @Test
    void messageIsTakenOnlyWhenTheAnswerBeforeIt() throws Exception {
        LinkedBlockingQueue<WriteContentResponse> answers = new LinkedBlockingQueue<>();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), "test");
        var call = server.channel().newCall(ContentGrpc.getWriteMethod(), io.grpc.CallOptions.DEFAULT);
        call.start(
                new io.grpc.ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WriteContentResponse message) {
                        answers.add(message);
                    }
                },
                headers);
        call.request(1);
        for (int i = 0; i < 100; i++) {
            call.sendMessage(
                    data(WriteAction.WRITE, i, new byte[] {1}).setRef("r").build());
        }

        assertThat(Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS)).getOffset())
                .isEqualTo(1);
        // Nothing more is read: one answer waits at most.
        Thread.sleep(200);
        FakeContentStore.Ingest ingest = Objects.requireNonNull(store.ingests.get("r"));
        assertThat(ingest.bytes().length).isLessThan(4);

        call.request(99);
        for (int i = 2; i <= 100; i++) {
            assertThat(Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS))
                            .getOffset())
                    .isEqualTo(i);
        }
        call.cancel("done", null);
    }
}
