package dev.wharf.core.transfer.image;

import dev.wharf.core.concurrent.TaskGroup;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Config;
import dev.wharf.core.images.GcLabels;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.transfer.FetchBlob;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistrySource;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.unpack.Layer;
import dev.wharf.core.unpack.UnpackTarget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Pulls one image: what is wanted of its tree is fetched, several blobs at once, and unpacked as it comes; then it is
 * checked that all is there, and the names are stored.
 */
public final class PullImage {
    private final TransferParts parts;
    private final TransferEnd.Registry from;
    private final TransferEnd.Store to;
    private final Progress.Listener progress;
    private final UnpackPlan plan;
    private final ImageTree tree;

    /** Every blob that has to be there in the end. */
    private final Set<Descriptor> needed = ConcurrentHashMap.newKeySet();

    private final AtomicInteger manifests = new AtomicInteger();

    /** A pull from a registry into a store. */
    public PullImage(TransferParts parts, TransferEnd.Registry from, TransferEnd.Store to, Progress.Listener progress) {
        this.parts = parts;
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.plan = new UnpackPlan(parts.settings(), to.unpacks());
        this.tree = new ImageTree(to);
    }

    /** What one run works with. */
    private record Run(Context ctx, ImageContent images, FetchBlob fetch, ProgressTracker tracker, TaskGroup tasks) {}

    /** Pulls, under the lease of {@code ctx}. */
    public void run(Context ctx, RegistrySource source) {
        progress.on(Progress.of("Resolving from " + from.describe()));
        Descriptor target = source.resolve();
        progress.on(Progress.of("Pulling from " + from.describe()));
        progress.on(Progress.of("fetching image content", from.reference(), target));
        ProgressTracker tracker = new ProgressTracker(from.reference(), progress);
        FetchBlob fetch = new FetchBlob(parts.content(), source, parts.turns(), parts.downloads(), tracker);
        ImageContent images = new ImageContent(parts.content(), parts.documents(), ctx);
        try (TaskGroup tasks = new TaskGroup("pull")) {
            Run run = new Run(ctx, images, fetch, tracker, tasks);
            tasks.start(() -> node(run, new ImageTree.Node(target, true, 0)));
            tasks.join();
        }
        check(images);
        List<Image> stored = new StoredNames(parts.images(), to, parts.clock()).store(ctx, target);
        if (stored.isEmpty()) {
            throw ErrorKind.NOT_FOUND.of("a name to store the image by was not given, and none");
        }
        stored.forEach(image -> progress.on(Progress.of("saved", image.name(), image.target())));
        progress.on(Progress.of("Completed pull from " + from.describe()));
    }

    private void node(Run run, ImageTree.Node node) {
        if (!tree.enter(node)) {
            return;
        }
        if (!node.isIndex() && !node.isManifest()) {
            other(run, node);
            return;
        }
        checkSize(node.blob());
        fetch(run, node.blob());
        if (node.isIndex()) {
            index(run, node);
        } else {
            manifest(run, node);
        }
    }

    private void other(Run run, ImageTree.Node node) {
        if (node.depth() == 0) {
            throw ErrorKind.NOT_IMPLEMENTED.of(
                    "pull " + node.blob().digest() + " of type " + node.blob().mediaType());
        }
        if (node.whole()) {
            fetch(run, node.blob());
        }
    }

    private void index(Run run, ImageTree.Node node) {
        Index index = run.images().index(node.blob());
        describe(run, node.blob(), index.children());
        for (ImageTree.Node child : tree.children(node, index)) {
            run.tasks().start(() -> node(run, child));
        }
    }

    private void manifest(Run run, ImageTree.Node node) {
        Manifest manifest = run.images().manifest(node.blob());
        describe(run, node.blob(), manifest.children());
        checkSize(manifest.config());
        if (!node.whole()) {
            fetch(run, manifest.config());
            return;
        }
        manifests.incrementAndGet();
        Map<Descriptor, CountDownLatch> arrivals = manifest.layers().stream()
                .distinct()
                .collect(Collectors.toUnmodifiableMap(layer -> layer, layer -> new CountDownLatch(1)));
        arrivals.keySet().forEach(layer -> run.tracker().waiting(layer));
        manifest.layers().stream()
                .distinct()
                .forEach(layer -> run.tasks().start(() -> {
                    fetch(run, layer);
                    Optional.ofNullable(arrivals.get(layer)).ifPresent(CountDownLatch::countDown);
                }));
        fetch(run, manifest.config());
        unpack(run, manifest, arrivals);
    }

    private void unpack(Run run, Manifest manifest, Map<Descriptor, CountDownLatch> arrivals) {
        if (plan.isEmpty()) {
            return;
        }
        Config config = run.images().config(manifest.config());
        Optional<UnpackTarget> target = plan.target(manifest, config);
        if (target.isEmpty()) {
            return;
        }
        List<Layer> layers = Layer.of(manifest.layers(), config.diffIds());
        parts.unpack()
                .run(
                        run.ctx(),
                        target.get(),
                        run.images(),
                        manifest.config(),
                        layers,
                        layer -> Optional.ofNullable(arrivals.get(layer.blob())).ifPresent(PullImage::await),
                        run.tracker());
    }

    /** Waits for a layer; if its download fails, the group interrupts this. */
    private static void await(CountDownLatch arrival) {
        try {
            arrival.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait for a layer", e);
        }
    }

    private static void describe(Run run, Descriptor document, List<Descriptor> children) {
        run.images().label(document, GcLabels.of(children));
        run.tracker().children(document, children);
    }

    private void fetch(Run run, Descriptor blob) {
        run.tracker().waiting(blob);
        run.fetch().run(run.ctx(), blob);
        needed.add(blob);
    }

    private static void checkSize(Descriptor document) {
        if (document.size() > ImageContent.MAX_DOCUMENT) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("document " + document.digest() + " has " + document.size()
                    + " bytes, more than the " + ImageContent.MAX_DOCUMENT + " allowed");
        }
    }

    private void check(ImageContent images) {
        if (manifests.get() == 0) {
            throw ErrorKind.NOT_FOUND.of("image " + from.reference() + " for platform " + to.platforms());
        }
        for (Descriptor blob : needed) {
            if (!images.has(blob)) {
                throw ErrorKind.DATA_LOSS.of("blob " + blob.digest() + " of image " + from.reference()
                        + " was there and has been removed; pull again");
            }
        }
    }
}
