package dev.wharf.plugins.transfer.local;

import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.RegistryTarget;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.core.transfer.image.ImportImages;
import dev.wharf.core.transfer.image.PullImage;
import dev.wharf.core.transfer.image.StoredNames;
import dev.wharf.core.transfer.image.TransferParts;
import dev.wharf.core.transfer.image.TransferSettings;
import dev.wharf.core.unpack.UnpackImage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/** Transfers within this daemon, from registries and to them. Safe for several threads. */
public final class LocalTransferService implements TransferService {
    /** How many blobs are uploaded at once by all pushes together. */
    private static final int MAX_CONCURRENT_UPLOADS = 3;

    private final TransferParts parts;
    private final Registries registries;

    /** A service over these stores. */
    public LocalTransferService(
            ContentStore content,
            ImageStore images,
            LeaseManager leases,
            Registries registries,
            TransferSettings settings,
            InstantSource clock,
            RandomGenerator random) {
        Turns turns = new Turns();
        this.registries = registries;
        this.parts = new TransferParts(
                content,
                images,
                leases,
                new JacksonDocuments(),
                new JacksonFormats(),
                new UnpackImage(leases, new SyncFs(), turns, random),
                turns,
                new Semaphore(settings.maxConcurrentDownloads(), true),
                new Semaphore(MAX_CONCURRENT_UPLOADS, true),
                settings,
                clock,
                random);
    }

    @Override
    public void transfer(Context ctx, TransferEnd source, TransferEnd destination, Progress.Listener progress) {
        switch (source) {
            case TransferEnd.Registry from
            when destination instanceof TransferEnd.Store to ->
                parts.leased(ctx, leased -> pull(leased, from, to, progress));
            case TransferEnd.Store from
            when destination instanceof TransferEnd.Registry to ->
                parts.leased(ctx, leased -> push(leased, from, to, progress));
            case TransferEnd.Store from
            when destination instanceof TransferEnd.Store to -> parts.leased(ctx, leased -> tag(leased, from, to));
            case TransferEnd.Store from
            when destination instanceof TransferEnd.ExportArchive to ->
                parts.leased(ctx, leased -> new ExportImages(parts, from, to, progress).run(leased));
            case TransferEnd.ImportArchive from
            when destination instanceof TransferEnd.Store to ->
                parts.leased(ctx, leased -> new ImportImages(parts, from, to, progress).run(leased));
            case TransferEnd.ImportArchive from
            when destination instanceof TransferEnd.ExportArchive to -> echo(from, to);
            default ->
                throw ErrorKind.NOT_IMPLEMENTED.of(
                        "unable to transfer from " + source.describe() + " to " + destination.describe());
        }
    }

    private void pull(Context ctx, TransferEnd.Registry from, TransferEnd.Store to, Progress.Listener progress) {
        try (RegistrySource source = registries.open(from)) {
            new PullImage(parts, from, to, progress).run(ctx, source);
        }
    }

    private void push(Context ctx, TransferEnd.Store from, TransferEnd.Registry to, Progress.Listener progress) {
        try (RegistryTarget target = registries.openTarget(to)) {
            new PushImage(parts, from, to, progress).run(ctx, target);
        }
    }

    private void tag(Context ctx, TransferEnd.Store from, TransferEnd.Store to) {
        Descriptor target = parts.images().get(ctx, from.name()).target();
        if (new StoredNames(parts.images(), to, parts.clock())
                .store(ctx, target)
                .isEmpty()) {
            throw ErrorKind.NOT_FOUND.of("no image name");
        }
    }

    private static void echo(TransferEnd.ImportArchive from, TransferEnd.ExportArchive to) {
        try {
            from.archive().transferTo(to.archive());
        } catch (IOException e) {
            throw ErrorKind.ABORTED.of("copy an archive: " + e.getMessage(), e);
        }
    }
}
