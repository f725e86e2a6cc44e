package dev.wharf.plugins.transfer.local;

import dev.wharf.core.concurrent.TaskGroup;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.images.Index;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistryTarget;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.image.ImageTree;
import dev.wharf.core.transfer.image.ProgressTracker;
import dev.wharf.core.transfer.image.TransferParts;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pushes one image: its blobs, several at once, then its manifests and indexes, each after those it refers to, and at last
 * the name.
 */
final class PushImage {
    private static final int MAX_BLOBS = 100_000;

    private final TransferParts parts;
    private final TransferEnd.Store from;
    private final TransferEnd.Registry to;
    private final Progress.Listener progress;
    private final ProgressTracker tracker;
    private final ImageTree tree;
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();

    /** Manifests and indexes below the image's own, each behind those it refers to. */
    private final Map<Digest, Descriptor> documents = new LinkedHashMap<>();

    PushImage(TransferParts parts, TransferEnd.Store from, TransferEnd.Registry to, Progress.Listener progress) {
        this.parts = parts;
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.tracker = new ProgressTracker(from.name(), progress);
        this.tree = new ImageTree(from);
    }

    /** Pushes, under the lease of {@code ctx}. */
    void run(Context ctx, RegistryTarget target) {
        Descriptor root = parts.images().get(ctx, from.name()).target();
        ImageContent images = new ImageContent(parts.content(), parts.documents(), ctx);
        progress.on(Progress.of("Pushing to " + to.describe()));
        progress.on(Progress.of("pushing content", from.name(), root));
        add(images, new ImageTree.Node(root, true, 0));
        pushBlobs(ctx, target);
        for (Descriptor document : documents.values()) {
            byte[] bytes = images.read(document);
            boolean isRoot = document.digest().equals(root.digest());
            tracker.pushed(document, isRoot ? target.pushNamed(document, bytes) : target.pushDocument(document, bytes));
        }
        progress.on(Progress.of("pushed content", from.name(), root));
        progress.on(Progress.of("Completed push to " + to.describe()));
    }

    private void add(ImageContent images, ImageTree.Node node) {
        if (!tree.enter(node)) {
            return;
        }
        if (node.isIndex()) {
            Index index = images.index(node.blob());
            tracker.children(node.blob(), index.children());
            tree.children(node, index).forEach(child -> add(images, child));
        } else if (node.isManifest()) {
            List<Descriptor> children = images.manifest(node.blob()).children();
            tracker.children(node.blob(), children);
            children.forEach(this::addBlob);
        } else if (node.depth() == 0) {
            throw ErrorKind.NOT_IMPLEMENTED.of(
                    "push " + node.blob().digest() + " of type " + node.blob().mediaType());
        } else {
            addBlob(node.blob());
            return;
        }
        tracker.waiting(node.blob());
        documents.putIfAbsent(node.blob().digest(), node.blob());
    }

    private void addBlob(Descriptor blob) {
        if (ExportImages.isNonDistributable(blob)) {
            return;
        }
        if (blobs.size() >= MAX_BLOBS) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("more than " + MAX_BLOBS + " blobs to push");
        }
        blobs.putIfAbsent(blob.digest(), blob);
        tracker.waiting(blob);
    }

    private void pushBlobs(Context ctx, RegistryTarget target) {
        try (TaskGroup tasks = new TaskGroup("push")) {
            blobs.values()
                    .forEach(blob -> tasks.start(() -> {
                        acquire();
                        try {
                            pushBlob(ctx, target, blob);
                        } finally {
                            parts.uploads().release();
                        }
                    }));
            tasks.join();
        }
    }

    private void pushBlob(Context ctx, RegistryTarget target, Descriptor blob) {
        ContentInfo info = parts.content().info(ctx, blob.digest());
        String sources = info.labels().getOrDefault(target.sourceLabel(), "");
        List<String> mountFrom = Arrays.stream(sources.split(",", -1))
                .filter(repository -> !repository.isEmpty())
                .toList();
        tracker.pushed(blob, target.push(blob, () -> open(ctx, blob), mountFrom));
    }

    private StoredBlobStream open(Context ctx, Descriptor blob) {
        return new StoredBlobStream(
                parts.content().open(ctx, blob.digest()), offset -> tracker.uploading(blob, offset));
    }

    private void acquire() {
        try {
            parts.uploads().acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait to upload", e);
        }
    }
}
