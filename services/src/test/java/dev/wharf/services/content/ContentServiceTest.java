package dev.wharf.services.content;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.content.v1.AbortRequest;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.ContentGrpc.ContentBlockingStub;
import dev.wharf.api.services.content.v1.DeleteContentRequest;
import dev.wharf.api.services.content.v1.Info;
import dev.wharf.api.services.content.v1.InfoRequest;
import dev.wharf.api.services.content.v1.ListContentRequest;
import dev.wharf.api.services.content.v1.ListContentResponse;
import dev.wharf.api.services.content.v1.ListStatusesRequest;
import dev.wharf.api.services.content.v1.ReadContentRequest;
import dev.wharf.api.services.content.v1.ReadContentResponse;
import dev.wharf.api.services.content.v1.StatusRequest;
import dev.wharf.api.services.content.v1.UpdateRequest;
import dev.wharf.core.oci.Digest;
import dev.wharf.services.testing.FakeContentStore;
import dev.wharf.services.testing.TestServer;
import dev.wharf.wire.Times;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContentServiceTest {
    private static final Digest ABSENT = Digest.sha256(new byte[] {9, 9});

    private TestServer server;
    private FakeContentStore store;
    private ContentBlockingStub content;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        store = server.content;
        content = server.stub(ContentGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void infoTellsWhatIsKnown() {
        Digest digest = store.put(TestServer.CTX, new byte[] {1, 2, 3});
        store.labels.put("test/" + digest, Map.of("k", "v"));

        Info info = content.info(
                        InfoRequest.newBuilder().setDigest(digest.toString()).build())
                .getInfo();

        assertThat(info.getDigest()).isEqualTo(digest.toString());
        assertThat(info.getSize()).isEqualTo(3);
        assertThat(info.getLabelsMap()).isEqualTo(Map.of("k", "v"));
        assertThat(Times.fromProto(info.getCreatedAt())).isEqualTo(FakeContentStore.MADE);
    }

    @Test
    void infoOfAbsentBlobIsNotFound() {
        refused(
                Status.Code.NOT_FOUND,
                "content " + ABSENT + ": not found",
                () -> content.info(
                        InfoRequest.newBuilder().setDigest(ABSENT.toString()).build()));
    }

    @Test
    void digestMustBeOne() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "\"x\" failed validation",
                () -> content.info(InfoRequest.newBuilder().setDigest("x").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "\"\" failed validation",
                () -> content.update(UpdateRequest.getDefaultInstance()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "failed validation",
                () -> content.delete(DeleteContentRequest.getDefaultInstance()));
    }

    @Test
    void updatePassesTheMaskOn() {
        Digest digest = store.put(TestServer.CTX, new byte[] {1});

        content.update(UpdateRequest.newBuilder()
                .setInfo(Info.newBuilder().setDigest(digest.toString()).putLabels("a", "1"))
                .setUpdateMask(FieldMask.newBuilder().addPaths("labels.a"))
                .build());

        assertThat(store.lastPaths).containsExactly("labels.a");
        assertThat(store.info(TestServer.CTX, digest).labels()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void listComesInMessagesOfAHundred() {
        for (int i = 0; i < 250; i++) {
            store.put(TestServer.CTX, ByteBuffer.allocate(4).putInt(i).array());
        }

        List<Integer> sizes = new ArrayList<>();
        content.list(ListContentRequest.getDefaultInstance())
                .forEachRemaining((ListContentResponse message) -> sizes.add(message.getInfoCount()));

        assertThat(sizes).containsExactly(100, 100, 50);
    }

    @Test
    void listOfNothingHasNoMessage() {
        assertThat(content.list(ListContentRequest.getDefaultInstance()).hasNext())
                .isFalse();
    }

    @Test
    void listKeepsToTheFilters() {
        store.put(TestServer.CTX, new byte[] {1});
        Digest wanted = store.put(TestServer.CTX, new byte[] {2});

        var found = content.list(
                ListContentRequest.newBuilder().addFilters("digest==" + wanted).build());

        assertThat(found.next().getInfoList()).extracting(Info::getDigest).containsExactly(wanted.toString());
    }

    @Test
    void badFilterIsRefused() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid argument",
                () -> content.list(ListContentRequest.newBuilder()
                                .addFilters("a=b")
                                .build())
                        .hasNext());
    }

    @Test
    void deleteTakesABlobOut() {
        Digest digest = store.put(TestServer.CTX, new byte[] {1});
        DeleteContentRequest request =
                DeleteContentRequest.newBuilder().setDigest(digest.toString()).build();

        content.delete(request);

        refused(Status.Code.NOT_FOUND, "not found", () -> content.delete(request));
    }

    private List<ReadContentResponse> read(Digest digest, long offset, long size) {
        List<ReadContentResponse> messages = new ArrayList<>();
        content.read(ReadContentRequest.newBuilder()
                        .setDigest(digest.toString())
                        .setOffset(offset)
                        .setSize(size)
                        .build())
                .forEachRemaining(messages::add);
        return messages;
    }

    private static byte[] joined(List<ReadContentResponse> messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        messages.forEach(message -> all.writeBytes(message.getData().toByteArray()));
        return all.toByteArray();
    }

    @Test
    void readComesInMessagesOfAMebibyte() {
        byte[] bytes = random(2_500_000);
        List<ReadContentResponse> messages = read(store.put(TestServer.CTX, bytes), 0, 0);

        assertThat(messages).extracting(message -> message.getData().size()).containsExactly(1 << 20, 1 << 20, 402_848);
        assertThat(messages).extracting(ReadContentResponse::getOffset).containsExactly(0L, 1L << 20, 2L << 20);
        assertThat(joined(messages)).isEqualTo(bytes);
        assertThat(store.openReaders).hasValue(0);
    }

    @Test
    void readOfAPartKeepsToIt() {
        Digest digest = store.put(TestServer.CTX, new byte[] {0, 1, 2, 3, 4, 5});

        assertThat(joined(read(digest, 2, 3))).containsExactly(2, 3, 4);
        assertThat(joined(read(digest, 4, 100))).containsExactly(4, 5);
        assertThat(joined(read(digest, 4, Long.MAX_VALUE))).containsExactly(4, 5);
        assertThat(joined(read(digest, -3, -1))).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(read(digest, 6, 0)).isEmpty();
    }

    @Test
    void readBehindTheEndIsOutOfRange() {
        Digest digest = store.put(TestServer.CTX, new byte[] {0, 1});

        refused(Status.Code.OUT_OF_RANGE, "read past object length 2 bytes", () -> read(digest, 3, 0));
        assertThat(store.openReaders).hasValue(0);
    }

    @Test
    void readOfAbsentBlobIsNotFound() {
        refused(Status.Code.NOT_FOUND, "not found", () -> read(ABSENT, 0, 0));
    }

    @Test
    void readerThatStopsFreesTheBlob() throws Exception {
        Digest digest = store.put(TestServer.CTX, random(8 << 20));
        var cancellable = io.grpc.Context.current().withCancellation();
        cancellable.run(() -> content.read(ReadContentRequest.newBuilder()
                        .setDigest(digest.toString())
                        .build())
                .next());
        assertThat(store.openReaders).hasValue(1);

        cancellable.cancel(null);

        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (store.openReaders.get() > 0 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(store.openReaders).hasValue(0);
    }

    @Test
    void statusTellsOfAnIngest() {
        store.writer(TestServer.CTX, "r", 0, null).close();

        assertThat(content.status(StatusRequest.newBuilder().setRef("r").build())
                        .getStatus()
                        .getRef())
                .isEqualTo("r");
        refused(
                Status.Code.NOT_FOUND,
                "could not get status for ref \"s\": ingest s: not found",
                () -> content.status(StatusRequest.newBuilder().setRef("s").build()));
    }

    @Test
    void statusesKeepToTheFilters() {
        store.writer(TestServer.CTX, "r1", 0, null).close();
        store.writer(TestServer.CTX, "r2", 0, null).close();

        assertThat(content.listStatuses(ListStatusesRequest.newBuilder()
                                .addFilters("ref==r2")
                                .build())
                        .getStatusesList())
                .extracting(dev.wharf.api.services.content.v1.Status::getRef)
                .containsExactly("r2");
    }

    @Test
    void abortRemovesAnIngest() {
        store.writer(TestServer.CTX, "r", 0, null).close();
        AbortRequest request = AbortRequest.newBuilder().setRef("r").build();

        content.abort(request);

        refused(Status.Code.NOT_FOUND, "ingest r: not found", () -> content.abort(request));
    }
}
