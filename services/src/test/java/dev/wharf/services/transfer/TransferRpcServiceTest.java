package dev.wharf.services.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.wharf.api.services.streaming.v1.StreamInit;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferOptions;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.transfer.AuthRequest;
import dev.wharf.api.types.transfer.AuthResponse;
import dev.wharf.api.types.transfer.AuthType;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.ImageExportStream;
import dev.wharf.api.types.transfer.ImageImportStream;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.OCIRegistry;
import dev.wharf.api.types.transfer.RegistryResolver;
import dev.wharf.api.types.transfer.WindowUpdate;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.services.rpc.RequestInterceptor;
import dev.wharf.services.streaming.StreamingService;
import dev.wharf.services.testing.TestServer;
import dev.wharf.wire.AnyMessages;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TransferRpcServiceTest {
    private final Streams streams = new Streams();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch began = new CountDownLatch(1);
    private Duration unclaimed = Duration.ofMinutes(1);
    private Server server;
    private ManagedChannel channel;

    TransferRpcServiceTest() {
        server = serve();
        channel = InProcessChannelBuilder.forName("transfer").build();
    }

    private Server serve() {
        try {
            return InProcessServerBuilder.forName("transfer")
                    .executor(threads)
                    .addService(new StreamingService(streams, unclaimed))
                    .addService(new TransferRpcService(this::transfer, streams))
                    .intercept(new RequestInterceptor(InstantSource.system()))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        assertThat(server.isShutdown()).isFalse();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
    }

    /** What stands behind the service. */
    private void transfer(Context ctx, TransferEnd source, TransferEnd destination, Progress.Listener progress) {
        progress.on(Progress.of("Begun in " + ctx.namespace()));
        switch (source) {
            case TransferEnd.ImportArchive from
            when destination instanceof TransferEnd.ExportArchive to -> {
                try {
                    from.archive().transferTo(to.archive());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            case TransferEnd.Registry from ->
                progress.on(Progress.of("Secret "
                        + from.access()
                                .credentials()
                                .of("docker.io", from.reference())
                                .map(RegistryAccess.Secret::value)));
            default -> hang();
        }
        progress.on(Progress.of("Done"));
    }

    private void hang() {
        began.countDown();
        try {
            Thread.sleep(Duration.ofMinutes(5));
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw ErrorKind.CANCELLED.of("hang", e);
        }
    }

    /** A stream as its client sees it. */
    private final class Client implements StreamObserver<Any> {
        private static final Any END = Any.getDefaultInstance();
        final BlockingQueue<Any> came = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> failed = new LinkedBlockingQueue<>();
        final StreamObserver<Any> requests;

        Client(String name) throws InterruptedException {
            requests = TestServer.with(StreamingGrpc.newStub(channel), "containerd-namespace", "test").stream(this);
            send(StreamInit.newBuilder().setId(name).build());
        }

        void send(Message message) {
            requests.onNext(AnyMessages.toProto(Messages.typed(message)));
        }

        Any next() throws InterruptedException {
            return Optional.ofNullable(came.poll(20, TimeUnit.SECONDS)).orElseThrow();
        }

        @Override
        public void onNext(Any value) {
            came.add(value);
        }

        @Override
        public void onError(Throwable t) {
            failed.add(Status.fromThrowable(t));
        }

        @Override
        public void onCompleted() {
            came.add(END);
        }
    }

    private TransferGrpc.TransferBlockingStub transfers() {
        return TestServer.with(TransferGrpc.newBlockingStub(channel), "containerd-namespace", "test");
    }

    private static TransferRequest request(Message source, Message destination, String progress) {
        return TransferRequest.newBuilder()
                .setSource(AnyMessages.toProto(Messages.typed(source)))
                .setDestination(AnyMessages.toProto(Messages.typed(destination)))
                .setOptions(TransferOptions.newBuilder().setProgressStream(progress))
                .build();
    }

    @Test
    void bytesGoThroughImportAndExportStreamsWithinTheirWindows() throws Exception {
        Client in = new Client("in");
        Client out = new Client("out");
        assertThat(in.next().getTypeUrl()).endsWith("google.protobuf.Empty");
        assertThat(out.next().getTypeUrl()).endsWith("google.protobuf.Empty");
        byte[] data = new byte[1_000_000];
        new Random(3).nextBytes(data);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        threads.execute(() -> send(in, data));
        var receiving = threads.submit(() -> receive(out, received));

        transfers()
                .transfer(request(
                        ImageImportStream.newBuilder().setStream("in").build(),
                        ImageExportStream.newBuilder().setStream("out").build(),
                        ""));

        receiving.get(20, TimeUnit.SECONDS);
        assertThat(received.toByteArray()).isEqualTo(data);
        assertThat(streams.open).isEmpty();
    }

    private static void send(Client to, byte[] data) {
        try {
            int at = 0;
            while (at < data.length) {
                int window = WindowUpdate.parseFrom(to.next().getValue()).getUpdate();
                for (int end = Math.min(data.length, at + window); at < end; ) {
                    int count = Math.min(32 << 10, end - at);
                    to.send(Data.newBuilder()
                            .setData(ByteString.copyFrom(data, at, count))
                            .build());
                    at += count;
                }
            }
            to.requests.onCompleted();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean receive(Client from, ByteArrayOutputStream received) throws Exception {
        int window = 0;
        while (true) {
            if (window < 64 << 10) {
                from.send(WindowUpdate.newBuilder().setUpdate(64 << 10).build());
                window += 64 << 10;
            }
            Any next = from.next();
            if (next.getTypeUrl().isEmpty()) {
                return true;
            }
            ByteString bytes = Data.parseFrom(next.getValue()).getData();
            assertThat(bytes.size()).isBetween(1, Math.min(window, 32 << 10));
            window -= bytes.size();
            bytes.writeTo(received);
        }
    }

    @Test
    void credentialsAreAskedForAndProgressIsToldOverStreams() throws Exception {
        Client auth = new Client("auth");
        Client progress = new Client("progress");
        auth.next();
        progress.next();
        threads.execute(() -> {
            try {
                AuthRequest asked = AuthRequest.parseFrom(auth.next().getValue());
                auth.send(AuthResponse.newBuilder()
                        .setAuthType(AuthType.CREDENTIALS)
                        .setUsername("me")
                        .setSecret("for " + asked.getHost() + " " + asked.getReference())
                        .build());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        transfers()
                .transfer(request(
                        OCIRegistry.newBuilder()
                                .setReference("a/b")
                                .setResolver(RegistryResolver.newBuilder().setAuthStream("auth"))
                                .build(),
                        ImageStore.getDefaultInstance(),
                        "progress"));

        assertThat(event(progress)).isEqualTo("Begun in test");
        assertThat(event(progress)).isEqualTo("Secret Optional[for registry-1.docker.io a/b]");
        assertThat(event(progress)).isEqualTo("Done");
        assertThat(progress.next().getTypeUrl()).isEmpty();
        assertThat(streams.open).isEmpty();
    }

    private static String event(Client progress) throws Exception {
        return dev.wharf.api.types.transfer.Progress.parseFrom(progress.next().getValue())
                .getEvent();
    }

    @Test
    void aCancelledCallInterruptsItsTransfer() throws Exception {
        io.grpc.Context.CancellableContext context = io.grpc.Context.current().withCancellation();
        threads.execute(context.wrap(() -> {
            try {
                transfers().transfer(request(ImageStore.getDefaultInstance(), ImageStore.getDefaultInstance(), ""));
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
            }
        }));
        assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
        context.cancel(null);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStreamNobodyOpenedIsNotFound() {
        assertThatThrownBy(() -> transfers()
                        .transfer(request(
                                ImageImportStream.newBuilder().setStream("none").build(),
                                ImageStore.getDefaultInstance(),
                                "")))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void anEndOfUnknownTypeIsNotImplemented() {
        assertThatThrownBy(() -> transfers()
                        .transfer(request(StreamInit.getDefaultInstance(), ImageStore.getDefaultInstance(), "")))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void aStreamNobodyClaimsIsClosed() throws Exception {
        unclaimed = Duration.ofMillis(50);
        server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        server = serve();
        channel.shutdownNow();
        channel = InProcessChannelBuilder.forName("transfer").build();
        Client idle = new Client("idle");
        Status status =
                Optional.ofNullable(idle.failed.poll(20, TimeUnit.SECONDS)).orElseThrow();
        assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(streams.open).isEmpty();
    }

    @Test
    void aNameThatIsTakenIsRefused() throws Exception {
        Client first = new Client("fine");
        first.next();
        Client other = new Client("fine");
        Status status =
                Optional.ofNullable(other.failed.poll(20, TimeUnit.SECONDS)).orElseThrow();
        assertThat(status.getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
    }

    /** The streams that are open. */
    private static final class Streams implements StreamManager {
        final Map<String, Stream> open = new ConcurrentHashMap<>();

        @Override
        public Registration register(Context ctx, String name, Stream stream) {
            if (open.putIfAbsent(name, stream) != null) {
                throw ErrorKind.ALREADY_EXISTS.of("stream " + name);
            }
            return () -> open.remove(name, stream);
        }

        @Override
        public Stream get(Context ctx, String name) {
            Stream stream =
                    Optional.ofNullable(open.get(name)).orElseThrow(() -> ErrorKind.NOT_FOUND.of("stream " + name));
            stream.claim();
            return stream;
        }
    }
}
