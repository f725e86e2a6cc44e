package dev.wharf.e2e;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.wharf.api.services.streaming.v1.StreamInit;
import dev.wharf.api.services.streaming.v1.StreamingGrpc;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.Platform;
import dev.wharf.api.types.transfer.AuthResponse;
import dev.wharf.api.types.transfer.AuthType;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.OCIRegistry;
import dev.wharf.api.types.transfer.RegistryResolver;
import dev.wharf.api.types.transfer.UnpackConfiguration;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pulls as `ctr` 2 and nerdctl do: the daemon does it, asked through its Transfer service. */
final class Transfers implements AutoCloseable {
    /** More than any wait the tests let the daemon have; a pull that takes longer hangs. */
    private static final long LIMIT_SECONDS = 100;

    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private final TtrpcChannel channel;
    private final Metadata headers = new Metadata();

    private Transfers(TtrpcChannel channel, String namespace) {
        this.channel = channel;
        headers.put(NAMESPACE, namespace);
    }

    static Transfers of(Daemon daemon) {
        try {
            return new Transfers(
                    TtrpcChannel.connect(Path.of(daemon.address() + ".ttrpc"), Duration.ofSeconds(10)),
                    daemon.namespace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pulls and unpacks from a registry without encryption that no file describes. */
    void pullPlain(String image) {
        pull(image, RegistryResolver.newBuilder().setDefaultScheme("http").build());
    }

    /** Pulls and unpacks by what hosts.toml files say. */
    void pull(String image, HostsDirectory hosts) {
        pull(image, resolver(hosts).build());
    }

    /** Pulls and unpacks by what hosts.toml files say, with user and password for registries that ask. */
    void pull(String image, HostsDirectory hosts, String user, String password) {
        String stream = "auth-" + UUID.randomUUID();
        AuthResponse answer = AuthResponse.newBuilder()
                .setAuthType(AuthType.CREDENTIALS)
                .setUsername(user)
                .setSecret(password)
                .build();
        Answering asked = new Answering(any(answer));
        asked.open(with(StreamingGrpc.newStub(channel)).stream(asked), stream);
        try {
            pull(image, resolver(hosts).setAuthStream(stream).build());
        } finally {
            asked.end();
        }
    }

    private static RegistryResolver.Builder resolver(HostsDirectory hosts) {
        return RegistryResolver.newBuilder().setHostDir(hosts.path().toString());
    }

    private void pull(String image, RegistryResolver resolver) {
        Platform platform = Platform.newBuilder()
                .setOs("linux")
                .setArchitecture(ImageArchive.architecture())
                .build();
        OCIRegistry source = OCIRegistry.newBuilder()
                .setReference(image)
                .setResolver(resolver)
                .build();
        ImageStore destination = ImageStore.newBuilder()
                .setName(image)
                .addPlatforms(platform)
                .addUnpacks(
                        UnpackConfiguration.newBuilder().setPlatform(platform).setSnapshotter("overlayfs"))
                .build();
        var _ = with(TransferGrpc.newBlockingStub(channel))
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .transfer(TransferRequest.newBuilder()
                        .setSource(any(source))
                        .setDestination(any(destination))
                        .build());
    }

    private <S extends AbstractStub<S>> S with(S stub) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** containerd's type URLs are the bare names. */
    private static Any any(Message message) {
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }

    /** Answers each request on a stream alike. */
    private static final class Answering implements StreamObserver<Any> {
        private final Any answer;
        private final CountDownLatch known = new CountDownLatch(1);
        private volatile @Nullable StreamObserver<Any> requests;

        Answering(Any answer) {
            this.answer = answer;
        }

        void open(StreamObserver<Any> outgoing, String name) {
            requests = outgoing;
            outgoing.onNext(any(StreamInit.newBuilder().setId(name).build()));
            try {
                if (!known.await(10, TimeUnit.SECONDS)) {
                    throw new AssertionError("the stream was not taken");
                }
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }

        @Override
        public void onNext(Any request) {
            if (known.getCount() > 0) {
                known.countDown();
            } else {
                Objects.requireNonNull(requests).onNext(answer);
            }
        }

        void end() {
            Objects.requireNonNull(requests).onCompleted();
        }

        @Override
        public void onError(Throwable ended) {
            known.countDown();
        }

        @Override
        public void onCompleted() {
            known.countDown();
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
