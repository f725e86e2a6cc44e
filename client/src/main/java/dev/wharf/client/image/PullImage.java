package dev.wharf.client.image;

import dev.wharf.client.WharfClient;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings an image from a source into a daemon: what is needed for one platform, unpacked into one snapshotter.
 *
 * <p>Layers are fetched three at a time; each is unpacked as soon as it and all below it are there.
 */
public final class PullImage {
    private static final int PARALLEL = 3;
    private static final int MAX_DEPTH = 4;

    private final WharfClient client;
    private final Platform platform;
    private final String snapshotter;
    private final Progress progress;

    /** Pulls for a platform into a snapshotter. */
    public PullImage(WharfClient client, Platform platform, String snapshotter, Progress progress) {
        this.client = client;
        this.platform = platform;
        this.snapshotter = snapshotter;
        this.progress = progress;
    }

    /** Pulls the image; {@code NOT_FOUND} when the source has none for the platform. */
    public Image run(Context outer, BlobSource source) {
        Descriptor target = source.resolve();
        RandomGenerator random = RandomGenerator.getDefault();
        try (WorkLease lease = WorkLease.take(client.leases(), outer, InstantSource.system(), random)) {
            Context ctx = lease.ctx();
            ImageContent images = new ImageContent(client.content(), ctx);
            BlobIngest ingest = new BlobIngest(client.content(), ctx, progress);
            List<Descriptor> manifests = new ArrayList<>();
            documents(source, target, images, ingest, manifests, 0);
            if (manifests.isEmpty()) {
                throw ErrorKind.NOT_FOUND.of("image " + source.name() + " for platform " + platform);
            }
            UnpackImage unpack = new UnpackImage(
                    images, client.snapshotter(snapshotter), snapshotter, client.applier(), random, progress);
            for (int i = 0; i < manifests.size(); i++) {
                ImageManifest manifest = ImageManifest.parse(images.read(manifests.get(i)));
                // The first is what runs here; others (attestations, for one) are kept with it and not unpacked.
                blobs(ctx, source, images, ingest, manifest, i == 0 ? unpack : null);
            }
            return ImageRecords.put(client.images(), ctx, source.name(), target);
        }
    }

    /** Fetches indexes and manifests from the top down, labelled with what they refer to. */
    private void documents(
            BlobSource source,
            Descriptor document,
            ImageContent images,
            BlobIngest ingest,
            List<Descriptor> manifests,
            int depth) {
        boolean index = MediaTypes.isIndex(document.mediaType());
        if (!index && !MediaTypes.isManifest(document.mediaType())) {
            throw ErrorKind.NOT_IMPLEMENTED.of("pull " + document.digest() + " of type " + document.mediaType());
        }
        if (document.size() > ImageContent.MAX_DOCUMENT || depth > MAX_DEPTH) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("manifest " + document.digest() + " is too large or too deep");
        }
        ingest.fetch(source, document);
        images.label(document, GcLabels.of(images.children(document)));
        if (!index) {
            manifests.add(document);
            return;
        }
        for (Descriptor child : images.children(document, platform)) {
            if (MediaTypes.isIndex(child.mediaType()) || MediaTypes.isManifest(child.mediaType())) {
                documents(source, child, images, ingest, manifests, depth + 1);
            }
        }
    }

    private void blobs(
            Context ctx,
            BlobSource source,
            ImageContent images,
            BlobIngest ingest,
            ImageManifest manifest,
            @Nullable UnpackImage unpack) {
        ingest.fetch(source, manifest.config());
        ExecutorService fetchers = Executors.newFixedThreadPool(
                PARALLEL, Thread.ofPlatform().daemon().name("fetch-", 0).factory());
        try {
            List<Future<?>> layers = new ArrayList<>();
            for (Descriptor layer : manifest.layers()) {
                layers.add(fetchers.submit(() -> ingest.fetch(source, layer)));
            }
            if (unpack != null) {
                unpack.run(ctx, manifest, images.config(manifest), layer -> await(layers.get(layer)));
            }
            layers.forEach(PullImage::await);
        } finally {
            fetchers.shutdownNow();
        }
    }

    private static void await(Future<?> layer) {
        try {
            layer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw ErrorKind.INTERNAL.of("fetch a layer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("fetch a layer", e);
        }
    }
}
