package dev.wharf.services.transfer;

import com.google.protobuf.Any;
import dev.wharf.api.types.transfer.ImageExportStream;
import dev.wharf.api.types.transfer.ImageImportStream;
import dev.wharf.api.types.transfer.ImageStore;
import dev.wharf.api.types.transfer.OCIRegistry;
import dev.wharf.api.types.transfer.RegistryResolver;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.UnpackRequest;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.streams.WindowedInput;
import dev.wharf.streams.WindowedOutput;
import dev.wharf.wire.AnyMessages;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ends of one transfer, with the streams behind them, which end with it. */
final class OpenEnds implements AutoCloseable {
    private static final int BUFFER = 32 << 10;
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Context ctx;
    private final StreamManager streams;
    private final List<Stream> open = new ArrayList<>();
    private final List<OutputStream> outputs = new ArrayList<>();

    OpenEnds(Context ctx, StreamManager streams) {
        this.ctx = ctx;
        this.streams = streams;
    }

    /** Who sends the progress, if the client asked for it. */
    @Nullable
    ProgressSender progress(String stream) {
        return stream.isEmpty() ? null : new ProgressSender(streams.get(ctx, stream));
    }

    /** Decodes an end; {@code NOT_IMPLEMENTED} for a type nobody handles, {@code NOT_FOUND} for its streams. */
    TransferEnd decode(Any message) {
        TypedValue value = AnyMessages.fromProto(message);
        if (Messages.is(value, OCIRegistry.getDefaultInstance())) {
            return registry(Messages.parse(value, OCIRegistry.getDefaultInstance(), OCIRegistry.parser()));
        }
        if (Messages.is(value, ImageStore.getDefaultInstance())) {
            return store(Messages.parse(value, ImageStore.getDefaultInstance(), ImageStore.parser()));
        }
        if (Messages.is(value, ImageImportStream.getDefaultInstance())) {
            return archive(Messages.parse(value, ImageImportStream.getDefaultInstance(), ImageImportStream.parser()));
        }
        if (Messages.is(value, ImageExportStream.getDefaultInstance())) {
            return archive(Messages.parse(value, ImageExportStream.getDefaultInstance(), ImageExportStream.parser()));
        }
        throw ErrorKind.NOT_IMPLEMENTED.of("transfer of type " + value.typeUrl());
    }

    private Stream stream(String name) {
        Stream stream = streams.get(ctx, name);
        open.add(stream);
        return stream;
    }

    private TransferEnd registry(OCIRegistry message) {
        RegistryResolver resolver = message.getResolver();
        RegistryAccess.CredentialSource credentials = resolver.getAuthStream().isEmpty()
                ? RegistryAccess.PLAIN.credentials()
                : new StreamCredentials(stream(resolver.getAuthStream()));
        if (!resolver.getLogsStream().isEmpty()) {
            // Ends with the transfer: there is nothing to tell over it.
            stream(resolver.getLogsStream());
        }
        return new TransferEnd.Registry(
                message.getReference(),
                new RegistryAccess(
                        resolver.getHeadersMap(), resolver.getHostDir(), resolver.getDefaultScheme(), credentials));
    }

    private static TransferEnd store(ImageStore message) {
        return new TransferEnd.Store(
                message.getName(),
                message.getLabelsMap(),
                platforms(message.getPlatformsList()),
                message.getAllMetadata(),
                Math.max(0, message.getManifestLimit()),
                message.getExtraReferencesList().stream()
                        .map(reference -> new ImageReference(
                                reference.getName(),
                                reference.getIsPrefix(),
                                reference.getAllowOverwrite(),
                                reference.getAddDigest(),
                                reference.getSkipNamedDigest()))
                        .toList(),
                message.getUnpacksList().stream()
                        .map(unpack -> new UnpackRequest(platform(unpack.getPlatform()), unpack.getSnapshotter()))
                        .toList());
    }

    private TransferEnd archive(ImageImportStream message) {
        return new TransferEnd.ImportArchive(
                new WindowedInput(new DomainStream(stream(message.getStream())), IDLE),
                message.getMediaType(),
                message.getForceCompress());
    }

    private TransferEnd archive(ImageExportStream message) {
        OutputStream output = new BufferedOutputStream(
                new WindowedOutput(new DomainStream(stream(message.getStream())), IDLE), BUFFER);
        outputs.add(output);
        return new TransferEnd.ExportArchive(
                output,
                platforms(message.getPlatformsList()),
                message.getAllPlatforms(),
                message.getSkipCompatibilityManifest(),
                message.getSkipNonDistributable());
    }

    private static List<Platform> platforms(List<dev.wharf.api.types.Platform> messages) {
        return messages.stream().map(OpenEnds::platform).toList();
    }

    private static Platform platform(dev.wharf.api.types.Platform message) {
        return new Platform(message.getOs(), message.getArchitecture(), message.getVariant());
    }

    /** Brings out what is still buffered. */
    void finish() {
        for (OutputStream output : outputs) {
            try {
                output.flush();
            } catch (IOException e) {
                throw ErrorKind.ABORTED.of("write to the client's stream", e);
            }
        }
    }

    @Override
    public void close() {
        open.forEach(Stream::close);
    }
}
