package dev.wharf.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.ListContentRequest;
import dev.wharf.api.services.content.v1.ListContentResponse;
import dev.wharf.api.services.content.v1.ReadContentRequest;
import dev.wharf.api.services.content.v1.WriteAction;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.api.services.events.v1.EventsGrpc;
import dev.wharf.api.services.events.v1.SubscribeRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.oci.Digest;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import dev.wharf.lib.ttrpc.TtrpcServer;
import dev.wharf.services.testing.TestServer;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The list of services, and the same service objects over ttRPC. */
class ServicesTest {
    private TestServer server;
    private TtrpcServer ttrpc;
    private TtrpcChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        TtrpcServer.Builder builder = TtrpcServer.builder().intercept(server.services.interceptor());
        server.services.all().forEach(builder::add);
        server.services.forShims().forEach(builder::add);
        ttrpc = builder.build();
        Path socket = server.directory.resolve("ttrpc.sock");
        ttrpc.listen(socket, PosixFilePermissions.fromString("rw-------"));
        channel = connect(socket);
    }

    @AfterEach
    void stop() throws Exception {
        channel.close();
        ttrpc.close();
        server.close();
    }

    private static TtrpcChannel connect(Path socket) throws Exception {
        return TtrpcChannel.connect(socket, Duration.ofSeconds(20));
    }

    @Test
    void listHasEveryServiceOnce() {
        assertThat(server.services.all())
                .extracting(
                        service -> service.bindService().getServiceDescriptor().getName())
                .containsExactlyInAnyOrder(
                        "containerd.services.version.v1.Version",
                        "containerd.services.introspection.v1.Introspection",
                        "containerd.services.namespaces.v1.Namespaces",
                        "containerd.services.content.v1.Content",
                        "containerd.services.images.v1.Images",
                        "containerd.services.containers.v1.Containers",
                        "containerd.services.snapshots.v1.Snapshots",
                        "containerd.services.leases.v1.Leases",
                        "containerd.services.diff.v1.Diff",
                        "containerd.services.tasks.v1.Tasks",
                        "containerd.services.events.v1.Events",
                        "containerd.services.sandbox.v1.Store");
        assertThat(server.services.forShims())
                .extracting(
                        service -> service.bindService().getServiceDescriptor().getName())
                .containsExactly("containerd.services.events.ttrpc.v1.Events");
    }

    private Stream<ServerMethodDefinition<?, ?>> methods() {
        return server.services.all().stream().flatMap(service -> service.bindService().getMethods().stream());
    }

    private static boolean needsNamespace(MethodDescriptor<?, ?> method) {
        return switch (Objects.requireNonNull(method.getServiceName())) {
            case "containerd.services.version.v1.Version",
                    "containerd.services.introspection.v1.Introspection",
                    "containerd.services.namespaces.v1.Namespaces",
                    "containerd.services.diff.v1.Diff" ->
                method.getFullMethodName().endsWith("/Apply");
            case "containerd.services.events.v1.Events" ->
                method.getFullMethodName().endsWith("/Publish");
            default -> true;
        };
    }

    @Test
    void everyMethodIsServedAndNoneThatNeedsANamespaceDoesWithout() {
        assertThat(methods()).hasSize(1 + 3 + 5 + 9 + 5 + 6 + 10 + 6 + 2 + 17 + 3 + 5);
        List<MethodDescriptor<?, ?>> asked = methods()
                .<MethodDescriptor<?, ?>>map(ServerMethodDefinition::getMethodDescriptor)
                .filter(ServicesTest::needsNamespace)
                .filter(method -> method.getType().clientSendsOneMessage())
                .toList();

        assertThat(asked).allSatisfy(method -> {
            Status status = emptyRequest(method);
            assertThat(status.getCode())
                    .as(method.getFullMethodName())
                    .isIn(Status.Code.FAILED_PRECONDITION, Status.Code.INVALID_ARGUMENT);
            if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
                assertThat(status.getDescription()).endsWith("namespace is required: failed precondition");
            }
        });
    }

    private <Q, A> Status emptyRequest(MethodDescriptor<Q, A> method) {
        Q request = method.parseRequest(InputStream.nullInputStream());
        try {
            ClientCalls.blockingServerStreamingCall(server.channel(), method, CallOptions.DEFAULT, request)
                    .forEachRemaining(_ -> {});
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private ContentGrpc.ContentBlockingStub content() {
        return TestServer.with(
                ContentGrpc.newBlockingStub(channel), "containerd-namespace-ttrpc", TestServer.NAMESPACE);
    }

    @Test
    void namespaceIsRequiredOverTtrpcToo() {
        assertThatThrownBy(
                        () -> ContainersGrpc.newBlockingStub(channel).list(ListContainersRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("FAILED_PRECONDITION: namespace is required: failed precondition");
    }

    @Test
    void listsAndBlobsStreamOverTtrpc() {
        for (int i = 0; i < 150; i++) {
            server.content.put(TestServer.CTX, ByteBuffer.allocate(4).putInt(i).array());
        }
        byte[] large = new byte[5 << 20];
        Digest digest = server.content.put(TestServer.CTX, large);

        List<Integer> sizes = new ArrayList<>();
        content()
                .list(ListContentRequest.getDefaultInstance())
                .forEachRemaining((ListContentResponse message) -> sizes.add(message.getInfoCount()));
        assertThat(sizes).containsExactly(100, 51);

        List<Integer> chunks = new ArrayList<>();
        content()
                .read(ReadContentRequest.newBuilder()
                        .setDigest(digest.toString())
                        .build())
                .forEachRemaining(message -> chunks.add(message.getData().size()));
        assertThat(chunks).hasSize(5).containsOnly(1 << 20);
    }

    @Test
    void blobIsWrittenOverTtrpc() throws Exception {
        LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        ContentGrpc.ContentStub stub =
                TestServer.with(ContentGrpc.newStub(channel), "containerd-namespace-ttrpc", TestServer.NAMESPACE);
        StreamObserver<WriteContentRequest> requests = stub.write(collecting(received));
        byte[] part = new byte[1 << 20];

        for (int i = 0; i < 4; i++) {
            requests.onNext(write(WriteAction.WRITE, (long) i << 20, part));
            assertThat(((WriteContentResponse) take(received)).getOffset()).isEqualTo((i + 1L) << 20);
        }
        requests.onNext(write(WriteAction.COMMIT, 4L << 20, new byte[0]));

        Digest digest = Digest.sha256(new byte[4 << 20]);
        assertThat(((WriteContentResponse) take(received)).getDigest()).isEqualTo(digest.toString());
        assertThat(take(received)).isEqualTo("end");
        assertThat(server.content.blobs).containsKey("test/" + digest);
    }

    private static WriteContentRequest write(WriteAction action, long offset, byte[] bytes) {
        return WriteContentRequest.newBuilder()
                .setAction(action)
                .setRef("r")
                .setOffset(offset)
                .setData(ByteString.copyFrom(bytes))
                .build();
    }

    private static Object take(LinkedBlockingQueue<Object> received) throws InterruptedException {
        return Objects.requireNonNull(received.poll(20, TimeUnit.SECONDS), "nothing came");
    }

    private static StreamObserver<WriteContentResponse> collecting(LinkedBlockingQueue<Object> received) {
        return new StreamObserver<>() {
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
        };
    }

    @Test
    void closedConnectionEndsSubscriptionsAndWrites() throws Exception {
        Iterator<Envelope> seen = EventsGrpc.newBlockingStub(channel).subscribe(SubscribeRequest.getDefaultInstance());
        server.events.awaitSubscribers(1);
        server.events.publish("n", "/tasks/oom", new Event.TaskOom("c"));
        assertThat(seen.next().getTopic()).isEqualTo("/tasks/oom");
        LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        ContentGrpc.ContentStub stub =
                TestServer.with(ContentGrpc.newStub(channel), "containerd-namespace-ttrpc", TestServer.NAMESPACE);
        stub.write(collecting(received)).onNext(write(WriteAction.WRITE, 0, new byte[] {1}));
        take(received);

        channel.close();

        server.events.awaitSubscribers(0);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.content.openWriters.get() > 0 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(server.content.openWriters).hasValue(0);
    }
}
