package dev.wharf.client.remote;

import com.google.protobuf.Any;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferOptions;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.transfer.ImageImportStream;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.OCIRegistry;
import dev.wharf.api.types.transfer.RegistryResolver;
import dev.wharf.api.types.transfer.UnpackConfiguration;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.core.transfer.UnpackRequest;
import dev.wharf.streams.Envelopes;
import io.grpc.Channel;

/** The transfers of a daemon; archives to write to are not handled yet by this client. */
public final class RemoteTransferService implements TransferService {
    private final Channel channel;

    /** Calls through {@code channel}. */
    public RemoteTransferService(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void transfer(Context ctx, TransferEnd source, TransferEnd destination, Progress.Listener progress) {
        try (TransferStreams streams = new TransferStreams(channel, ctx)) {
            TransferRequest request = TransferRequest.newBuilder()
                    .setSource(end(source, streams))
                    .setDestination(end(destination, streams))
                    .setOptions(TransferOptions.newBuilder().setProgressStream(streams.progress(progress)))
                    .build();
            try {
                Calls.run(() -> Calls.unlimited(TransferGrpc.newBlockingStub(channel), ctx)
                        .transfer(request));
            } catch (WharfException e) {
                throw streams.failed(e);
            }
        }
    }

    private static Any end(TransferEnd end, TransferStreams streams) {
        return Envelopes.of(
                switch (end) {
                    case TransferEnd.Registry registry -> registry(registry, streams);
                    case TransferEnd.Store store -> store(store);
                    case TransferEnd.ImportArchive archive ->
                        ImageImportStream.newBuilder()
                                .setStream(streams.bytes(archive.archive()))
                                .setMediaType(archive.mediaType())
                                .setForceCompress(archive.compress())
                                .build();
                    case TransferEnd.ExportArchive _ ->
                        throw ErrorKind.NOT_IMPLEMENTED.of("export of an image by this client");
                });
    }

    private static OCIRegistry registry(TransferEnd.Registry registry, TransferStreams streams) {
        var access = registry.access();
        return OCIRegistry.newBuilder()
                .setReference(registry.reference())
                .setResolver(RegistryResolver.newBuilder()
                        .setAuthStream(streams.credentials(access.credentials()))
                        .putAllHeaders(access.headers())
                        .setHostDir(access.hostDir())
                        .setDefaultScheme(access.defaultScheme()))
                .build();
    }

    private static ImageStore store(TransferEnd.Store store) {
        return ImageStore.newBuilder()
                .setName(store.name())
                .putAllLabels(store.labels())
                .addAllPlatforms(store.platforms().stream()
                        .map(RemoteTransferService::platform)
                        .toList())
                .setAllMetadata(store.allMetadata())
                .setManifestLimit(store.manifestLimit())
                .addAllExtraReferences(store.references().stream()
                        .map(RemoteTransferService::reference)
                        .toList())
                .addAllUnpacks(store.unpacks().stream()
                        .map(RemoteTransferService::unpack)
                        .toList())
                .build();
    }

    private static dev.wharf.api.types.transfer.ImageReference reference(ImageReference reference) {
        return dev.wharf.api.types.transfer.ImageReference.newBuilder()
                .setName(reference.name())
                .setIsPrefix(reference.isPrefix())
                .setAllowOverwrite(reference.allowOverwrite())
                .setAddDigest(reference.addDigest())
                .setSkipNamedDigest(reference.skipNamedDigest())
                .build();
    }

    private static UnpackConfiguration unpack(UnpackRequest unpack) {
        return UnpackConfiguration.newBuilder()
                .setPlatform(platform(unpack.platform()))
                .setSnapshotter(unpack.snapshotter())
                .build();
    }

    private static dev.wharf.api.types.Platform platform(Platform platform) {
        return dev.wharf.api.types.Platform.newBuilder()
                .setOs(platform.os())
                .setArchitecture(platform.architecture())
                .setVariant(platform.variant())
                .build();
    }
}
