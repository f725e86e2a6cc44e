package dev.wharf.client.image;

import dev.wharf.client.WharfClient;
import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.Registries;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.core.transfer.UnpackRequest;
import dev.wharf.core.transfer.image.ImportImages;
import dev.wharf.core.transfer.image.PullImage;
import dev.wharf.core.transfer.image.TransferParts;
import dev.wharf.core.transfer.image.TransferSettings;
import dev.wharf.core.unpack.UnpackImage;
import dev.wharf.core.unpack.UnpackTarget;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Pulls and imports that this client does itself, for daemons that cannot (containerd before 1.7). */
public final class ClientTransfers implements TransferService {
    private static final int MAX_CONCURRENT_DOWNLOADS = 3;

    private final WharfClient client;
    private final Registries registries;
    private final Consumer<String> warnings;
    private final Turns turns = new Turns();
    private final Semaphore downloads = new Semaphore(MAX_CONCURRENT_DOWNLOADS, true);

    /** Transfers into a daemon from these registries; {@code warnings} is told what is left out. */
    public ClientTransfers(WharfClient client, Registries registries, Consumer<String> warnings) {
        this.client = client;
        this.registries = registries;
        this.warnings = warnings;
    }

    /** The daemon's own transfers if it has any, else these. */
    public static TransferService of(WharfClient client, Supplier<Registries> registries, Consumer<String> warnings) {
        return client.canTransfer() ? client.transfers() : new ClientTransfers(client, registries.get(), warnings);
    }

    @Override
    public void transfer(Context ctx, TransferEnd source, TransferEnd destination, Progress.Listener progress) {
        if (!(destination instanceof TransferEnd.Store to)) {
            throw unable(source, destination);
        }
        TransferParts parts = parts(to);
        switch (source) {
            case TransferEnd.Registry from ->
                parts.leased(ctx, leased -> {
                    try (RegistrySource registry = registries.open(from)) {
                        new PullImage(parts, from, to, progress).run(leased, registry);
                    }
                });
            case TransferEnd.ImportArchive from ->
                parts.leased(ctx, leased -> new ImportImages(parts, from, to, progress).run(leased));
            case TransferEnd.Store _, TransferEnd.ExportArchive _ -> throw unable(source, destination);
        }
    }

    private static RuntimeException unable(TransferEnd source, TransferEnd destination) {
        return ErrorKind.NOT_IMPLEMENTED.of(
                "the daemon has no transfer service, and this client does not transfer from " + source.describe()
                        + " to " + destination.describe());
    }

    private TransferParts parts(TransferEnd.Store to) {
        RandomGenerator random = RandomGenerator.getDefault();
        // One layer after the other, which makes each durable itself.
        UnpackImage unpack = new UnpackImage(client.leases(), mounts -> {}, turns, random);
        List<UnpackTarget> targets = to.unpacks().stream()
                .map(UnpackRequest::snapshotter)
                .distinct()
                .map(name -> new UnpackTarget(name, client.snapshotter(name), client.applier(), 1))
                .toList();
        return new TransferParts(
                client.content(),
                client.images(),
                client.leases(),
                new JsonDocuments(),
                new JsonFormats(),
                unpack,
                turns,
                downloads,
                new Semaphore(0),
                new TransferSettings(MAX_CONCURRENT_DOWNLOADS, true, "", targets, warnings),
                InstantSource.system(),
                random);
    }
}
