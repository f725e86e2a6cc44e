package dev.wharf.bench;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.wharf.api.services.images.v1.DeleteImageRequest;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.introspection.v1.IntrospectionGrpc;
import dev.wharf.api.services.introspection.v1.PluginsRequest;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.OCIRegistry;
import dev.wharf.api.types.transfer.RegistryResolver;
import dev.wharf.api.types.transfer.UnpackConfiguration;
import dev.wharf.client.ChannelFactory;
import dev.wharf.client.image.ClientTransfers;
import dev.wharf.cmd.wharf.pull.SingleHostRegistries;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.UnpackRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Brings images into a daemon and out of it again. */
final class ImagePull {
    private static final long MINUTES = 15;
    private static final String SNAPSHOTTER = "overlayfs";
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);

    private final Peer peer;

    ImagePull(Peer peer) {
        this.peer = peer;
    }

    /** Whether the daemon pulls images itself. */
    boolean transfers() {
        try (ChannelFactory.Connection connection = peer.channel()) {
            PluginsRequest request = PluginsRequest.newBuilder()
                    .addFilters("type==io.containerd.grpc.v1,id==transfer")
                    .build();
            return IntrospectionGrpc.newBlockingStub(withNamespace(connection))
                            .withDeadlineAfter(1, TimeUnit.MINUTES)
                            .plugins(request)
                            .getPluginsCount()
                    > 0;
        }
    }

    /** Pulls and unpacks by the daemon, if it is to do so itself, or else by a client as `ctr` before 2.0. */
    void run(ImageShelf.Shelved image, boolean transfer) {
        if (transfer) {
            transfer(image.name());
        } else {
            pull(image.name());
        }
        peer.client().snapshotter(SNAPSHOTTER).stat(peer.ctx(), image.chainId());
    }

    private void pull(String name) {
        TransferEnd source = new TransferEnd.Registry(
                name, new RegistryAccess(Map.of(), "", "http", (host, of) -> Optional.empty()));
        List<Platform> host = List.of(Platform.host());
        List<UnpackRequest> unpacks = List.of(new UnpackRequest(Platform.host(), SNAPSHOTTER));
        TransferEnd destination = new TransferEnd.Store(name, Map.of(), host, false, 0, List.of(), unpacks);
        new ClientTransfers(peer.client(), new SingleHostRegistries("wharf-bench"), warning -> {})
                .transfer(peer.ctx(), source, destination, Progress.Listener.NONE);
    }

    private void transfer(String name) {
        var platform = dev.wharf.api.types.Platform.newBuilder()
                .setOs(Platform.host().os())
                .setArchitecture(Platform.host().architecture())
                .build();
        OCIRegistry source = OCIRegistry.newBuilder()
                .setReference(name)
                .setResolver(RegistryResolver.newBuilder().setDefaultScheme("http"))
                .build();
        ImageStore destination = ImageStore.newBuilder()
                .setName(name)
                .addPlatforms(platform)
                .addUnpacks(
                        UnpackConfiguration.newBuilder().setPlatform(platform).setSnapshotter(SNAPSHOTTER))
                .build();
        TransferRequest request = TransferRequest.newBuilder()
                .setSource(any(source))
                .setDestination(any(destination))
                .build();
        try (ChannelFactory.Connection connection = peer.channel()) {
            var answer = TransferGrpc.newBlockingStub(withNamespace(connection))
                    .withDeadlineAfter(MINUTES, TimeUnit.MINUTES)
                    .transfer(request);
            if (answer.getSerializedSize() != 0) {
                throw new IllegalStateException("a transfer was answered by more than nothing");
            }
        }
    }

    /** Deletes an image and returns when its blobs and snapshots are gone. */
    void remove(ImageShelf.Shelved image) {
        DeleteImageRequest request = DeleteImageRequest.newBuilder()
                .setName(image.name())
                .setSync(true)
                .build();
        try (ChannelFactory.Connection connection = peer.channel()) {
            var answer = ImagesGrpc.newBlockingStub(withNamespace(connection))
                    .withDeadlineAfter(MINUTES, TimeUnit.MINUTES)
                    .delete(request);
            if (answer.getSerializedSize() != 0) {
                throw new IllegalStateException("a deletion was answered by more than nothing");
            }
        }
    }

    private Channel withNamespace(ChannelFactory.Connection connection) {
        Metadata headers = new Metadata();
        headers.put(NAMESPACE, peer.namespace());
        return ClientInterceptors.intercept(connection.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** containerd's type URLs are the bare names. */
    private static Any any(Message message) {
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }
}
