package dev.wharf.shim.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.wharf.api.services.streaming.v1.StreamInit;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferOptions;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.transfer.ContainerPath;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.ReadStream;
import dev.wharf.api.types.transfer.WindowUpdate;
import dev.wharf.api.types.transfer.WriteStream;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import dev.wharf.lib.ttrpc.TtrpcServer;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TransferService;
import dev.wharf.streams.Envelopes;
import dev.wharf.streams.MessageStream;
import dev.wharf.streams.WindowedInput;
import dev.wharf.streams.WindowedOutput;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services over a socket, before containers whose files are counted or made up. */
final class TransferMethodsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path directory;

    private final FakeFiles files = new FakeFiles();
    private final Busy busy = new Busy();
    private TtrpcServer server;
    private TtrpcChannel channel;

    TransferMethodsTest() throws IOException {
        TtrpcServer.Builder builder = TtrpcServer.builder();
        TransferMethods.of(files, id -> Stream.of("test", "other").limit(id.length()), busy, "")
                .forEach(builder::add);
        server = builder.build();
    }

    @BeforeEach
    void connect() throws IOException {
        Path socket = directory.resolve("s");
        server.listen(socket, PosixFilePermissions.fromString("rw-------"));
        channel = TtrpcChannel.connect(socket, PATIENCE);
    }

    @AfterEach
    void close() {
        channel.close();
        server.close();
        assertThat(busy.isIdle()).isTrue();
    }

    /** Counts the bytes that go in, and sends as many as the path says. */
    private static final class FakeFiles implements TransferService {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile long received;
        private volatile @Nullable Throwable failure;

        @Override
        public void copyTo(Call call, ContainerPath destination, InputStream archive) {
            byte[] buffer = new byte[10_000];
            try {
                for (int count; (count = archive.read(buffer)) > 0 && received < limit(destination); ) {
                    received += count;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            } finally {
                ended.countDown();
            }
        }

        private static long limit(ContainerPath path) {
            return path.getPath().isEmpty() ? Long.MAX_VALUE : Long.parseLong(path.getPath());
        }

        @Override
        public void copyFrom(Call call, ContainerPath source, OutputStream archive) {
            if (source.getContainerId().equals("none")) {
                throw ShimException.notFound("container none");
            }
            try {
                byte[] buffer = new byte[100_000];
                for (long left = limit(source); left > 0; left -= buffer.length) {
                    archive.write(buffer, 0, (int) Math.min(left, buffer.length));
                }
                if (source.getContainerId().equals("broken")) {
                    throw ShimException.failedPrecondition("it broke");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            } finally {
                ended.countDown();
            }
        }
    }

    private static ClientInterceptor in(String namespace) {
        Metadata headers = new Metadata();
        headers.put(HEADER, namespace);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** A stream as its client has it. */
    private final class Client implements MessageStream, StreamObserver<Any> {
        private final BlockingQueue<Object> came = new LinkedBlockingQueue<>();
        private final StreamObserver<Any> requests;

        Client(String name) {
            this(name, StreamingGrpc.newStub(channel).withInterceptors(in("test")));
        }

        Client(String name, StreamingGrpc.StreamingStub stub) {
            requests = stub.stream(this);
            send(Envelopes.of(StreamInit.newBuilder().setId(name).build()));
        }

        Client acknowledged() {
            assertThat(Objects.requireNonNull(receive(PATIENCE)).getTypeUrl()).isEqualTo("google.protobuf.Empty");
            return this;
        }

        @Override
        public void send(Any message) {
            requests.onNext(message);
        }

        @Override
        public @Nullable Any receive(Duration most) {
            try {
                Object next = came.poll(most.toNanos(), TimeUnit.NANOSECONDS);
                return switch (next) {
                    case Any message -> message;
                    case Throwable failure ->
                        throw Status.fromThrowable(failure).asRuntimeException();
                    case String end -> null;
                    case null, default -> throw new AssertionError("nothing came over the stream");
                };
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public RuntimeException violation(String what) {
            return new IllegalStateException(what);
        }

        @Override
        public RuntimeException gone(String what) {
            return new IllegalStateException(what);
        }

        @Override
        public void onNext(Any value) {
            came.add(value);
        }

        @Override
        public void onError(Throwable t) {
            came.add(t);
        }

        @Override
        public void onCompleted() {
            came.add("end");
        }
    }

    private TransferGrpc.TransferBlockingStub transfers(String namespace) {
        return TransferGrpc.newBlockingStub(channel)
                .withInterceptors(in(namespace))
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static TransferRequest request(Message source, Message destination) {
        return TransferRequest.newBuilder()
                .setSource(Envelopes.of(source))
                .setDestination(Envelopes.of(destination))
                .build();
    }

    private static ReadStream read(String name) {
        return ReadStream.newBuilder()
                .setStream(name)
                .setMediaType("application/x-tar")
                .build();
    }

    private static WriteStream write(String name) {
        return WriteStream.newBuilder()
                .setStream(name)
                .setMediaType("application/x-tar")
                .build();
    }

    private static ContainerPath path(String id, String path) {
        return ContainerPath.newBuilder().setContainerId(id).setPath(path).build();
    }

    private void isRefused(Status.Code code, TransferRequest request, String words) {
        assertThatThrownBy(() -> transfers("test").transfer(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void aHundredMegabytesGoInAndOutWithinTheirWindows() throws Exception {
        long size = 100L << 20;
        Client in = new Client("in").acknowledged();
        FutureTask<Boolean> sending = new FutureTask<>(() -> {
            try (OutputStream out = new WindowedOutput(in, PATIENCE)) {
                byte[] part = new byte[1 << 20];
                for (long left = size; left > 0; left -= part.length) {
                    out.write(part);
                }
            }
            in.requests.onCompleted();
            return true;
        });
        Thread.ofVirtual().start(sending);
        transfers("test").transfer(request(read("in"), path("c", "")));
        sending.get();
        assertThat(files.received).isEqualTo(size);
        assertThat(in.came.poll(30, TimeUnit.SECONDS)).isNotNull();

        Client out = new Client("out").acknowledged();
        FutureTask<Long> receiving =
                new FutureTask<>(() -> new WindowedInput(out, PATIENCE).transferTo(OutputStream.nullOutputStream()));
        Thread.ofVirtual().start(receiving);
        transfers("test").transfer(request(path("c", Long.toString(size)), write("out")));
        assertThat(receiving.get()).isEqualTo(size);
    }

    @Test
    void whatFollowsAnArchiveIsTakenToo() throws Exception {
        Client in = new Client("in").acknowledged();
        FutureTask<Boolean> sending = new FutureTask<>(() -> {
            new ByteArrayInputStream(new byte[200_000]).transferTo(new WindowedOutput(in, PATIENCE));
            in.requests.onCompleted();
            return true;
        });
        Thread.ofVirtual().start(sending);
        transfers("test").transfer(request(read("in"), path("c", "5000")));
        assertThat(sending.get()).isTrue();
    }

    @Test
    void aFailureEndsTheStreamAsAFailure() {
        Client out = new Client("out").acknowledged();
        out.send(Envelopes.of(WindowUpdate.newBuilder().setUpdate(1 << 20).build()));
        isRefused(Status.Code.FAILED_PRECONDITION, request(path("broken", "10"), write("out")), "it broke");
        Data data = Data.getDefaultInstance();
        assertThat(Envelopes.is(Objects.requireNonNull(out.receive(PATIENCE)), data))
                .isTrue();
        assertThatThrownBy(() -> out.receive(PATIENCE)).hasMessageContaining("it broke");
    }

    @Test
    void refusalsHaveTheStatusOfContainerd() {
        isRefused(Status.Code.NOT_FOUND, TransferRequest.getDefaultInstance(), "type with url : not found");
        isRefused(
                Status.Code.NOT_FOUND,
                request(StreamInit.getDefaultInstance(), path("c", "")),
                "type with url containerd.services.streaming.v1.StreamInit: not found");
        isRefused(
                Status.Code.UNIMPLEMENTED,
                request(ImageStore.getDefaultInstance(), path("c", "")),
                "method Transfer not implemented for containerd.types.transfer.ImageStore to "
                        + "containerd.types.transfer.ContainerPath");
        isRefused(Status.Code.UNIMPLEMENTED, request(path("c", ""), path("c", "")), "not implemented");
        isRefused(Status.Code.NOT_FOUND, request(read("nowhere"), path("c", "")), "stream nowhere: not found");
        Client out = new Client("out").acknowledged();
        isRefused(
                Status.Code.UNIMPLEMENTED,
                request(
                        path("c", "1"),
                        WriteStream.newBuilder()
                                .setStream("out")
                                .setMediaType("text/plain")
                                .build()),
                "unsupported media type \"text/plain\"");
        assertThatThrownBy(() -> out.receive(PATIENCE)).hasMessageContaining("unsupported media type");
        Client other = new Client("other").acknowledged();
        isRefused(Status.Code.NOT_FOUND, request(path("none", "1"), write("other")), "container none: not found");
        assertThatThrownBy(() -> other.receive(PATIENCE)).hasMessageContaining("container none");
    }

    @Test
    void streamsHaveOneNameInANamespaceAndBeginWithIt() {
        Client first = new Client("s").acknowledged();
        assertThatThrownBy(() -> new Client("s").acknowledged()).hasMessageContaining("already exists");
        assertThatThrownBy(() -> new Client("").acknowledged()).hasMessageContaining("needs an id");
        assertThatThrownBy(() -> transfers("other").transfer(request(read("s"), path("c", ""))))
                .hasMessageContaining("stream s: not found");
        assertThat(first.came).isEmpty();
        var unnamed = TransferGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThatThrownBy(() -> unnamed.transfer(request(read("s"), path("two", ""))))
                .hasMessageContaining("namespace is required");
        Client out = new Client("out").acknowledged();
        out.send(Envelopes.of(WindowUpdate.newBuilder().setUpdate(10).build()));
        unnamed.transfer(request(path("c", "1"), write("out")));
        assertThat(out.receive(PATIENCE)).isNotNull();
    }

    @Test
    void streamsOfClientsThatSendNoHeadersAreForAnyNamespace() {
        Client out = new Client("out", StreamingGrpc.newStub(channel)).acknowledged();
        out.send(Envelopes.of(WindowUpdate.newBuilder().setUpdate(10).build()));
        transfers("test").transfer(request(path("c", "1"), write("out")));
        assertThat(out.receive(PATIENCE)).isNotNull();
        assertThat(out.receive(PATIENCE)).isNull();
    }

    @Test
    void progressStreamsEndWithTheTransfer() {
        Client out = new Client("out").acknowledged();
        Client progress = new Client("progress").acknowledged();
        out.send(Envelopes.of(WindowUpdate.newBuilder().setUpdate(10).build()));
        transfers("test")
                .transfer(request(path("c", "1"), write("out")).toBuilder()
                        .setOptions(TransferOptions.newBuilder().setProgressStream("progress"))
                        .build());
        assertThat(progress.receive(PATIENCE)).isNull();
    }

    @Test
    void aClientThatHangsUpEndsItsTransfer() throws Exception {
        Client in = new Client("in").acknowledged();
        FutureTask<Boolean> transfer = new FutureTask<>(() -> {
            transfers("test").transfer(request(read("in"), path("c", "")));
            return true;
        });
        Thread.ofVirtual().start(transfer);
        assertThat(in.receive(PATIENCE)).isNotNull();
        in.send(Envelopes.of(Data.newBuilder()
                .setData(com.google.protobuf.ByteString.copyFrom("half", StandardCharsets.UTF_8))
                .build()));
        channel.close();
        assertThat(files.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(transfer::get).isNotNull();
        assertThat(files.failure).isNotNull();
        CountDownLatch idle = new CountDownLatch(1);
        busy.onceIdle(idle::countDown);
        assertThat(idle.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDeadlineEndsATransferWhoseClientIsSilent() throws Exception {
        Client in = new Client("in").acknowledged();
        assertThatThrownBy(() -> TransferGrpc.newBlockingStub(channel)
                        .withInterceptors(in("test"))
                        .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                        .transfer(request(read("in"), path("c", ""))))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(files.ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(in.receive(PATIENCE)).isNotNull();
        assertThatThrownBy(() -> in.receive(PATIENCE)).isInstanceOf(StatusRuntimeException.class);
        CountDownLatch idle = new CountDownLatch(1);
        busy.onceIdle(idle::countDown);
        assertThat(idle.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
