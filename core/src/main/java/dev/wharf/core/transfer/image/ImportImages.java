package dev.wharf.core.transfer.image;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Config;
import dev.wharf.core.images.GcLabels;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.unpack.Layer;
import dev.wharf.core.unpack.UnpackListener;
import java.util.ArrayList;
import java.util.List;

/** Brings in the images of an archive: its blobs first, then what is wanted of them is checked, unpacked and named. */
public final class ImportImages {
    private static final String LAYOUT_VERSION = "1.0.0";

    private final TransferParts parts;
    private final TransferEnd.ImportArchive from;
    private final TransferEnd.Store to;
    private final Progress.Listener progress;
    private final UnpackPlan plan;
    private final ImageTree tree;
    private int manifests;

    /** An import from an archive into a store. */
    public ImportImages(
            TransferParts parts, TransferEnd.ImportArchive from, TransferEnd.Store to, Progress.Listener progress) {
        this.parts = parts;
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.plan = new UnpackPlan(parts.settings(), to.unpacks());
        this.tree = new ImageTree(to);
    }

    /** Imports, under the lease of {@code ctx}. */
    public void run(Context ctx) {
        progress.on(Progress.of("Importing"));
        ArchiveIngest ingest = new ArchiveIngest(parts, ctx);
        Descriptor top = index(ctx, ImageArchive.read(from.archive(), parts.formats(), ingest), ingest);
        ImageContent images = new ImageContent(parts.content(), parts.documents(), ctx);
        node(ctx, images, new ImageTree.Node(top, true, 0));
        if (manifests == 0) {
            throw ErrorKind.NOT_FOUND.of("image for platform " + to.platforms() + " in the archive");
        }
        store(ctx, images, top);
        progress.on(Progress.of("Completed import"));
    }

    private Descriptor index(Context ctx, ImageArchive archive, ArchiveIngest ingest) {
        byte[] layout = archive.layout();
        byte[] index = archive.index();
        byte[] manifests = archive.manifests();
        if (layout != null) {
            String version = parts.formats().layoutVersion(layout);
            if (!version.equals(LAYOUT_VERSION)) {
                throw ErrorKind.INVALID_ARGUMENT.of("image archive of unsupported OCI layout version " + version);
            }
            if (index == null) {
                throw ErrorKind.INVALID_ARGUMENT.of("missing index.json in OCI layout " + version);
            }
            return ingest.document(MediaTypes.OCI_INDEX, index);
        }
        if (manifests != null) {
            return new DockerArchive(archive, parts.formats(), ingest, ctx, from.compress()).index(manifests);
        }
        throw ErrorKind.INVALID_ARGUMENT.of(
                "unrecognized image format: the archive holds neither oci-layout (OCI) nor manifest.json (docker save)");
    }

    private void node(Context ctx, ImageContent images, ImageTree.Node node) {
        if (!tree.enter(node)) {
            return;
        }
        if (node.isIndex()) {
            Index index = images.index(node.blob());
            images.label(node.blob(), GcLabels.of(index.children()));
            tree.children(node, index).stream()
                    .filter(child -> isWanted(images, child))
                    .forEach(child -> node(ctx, images, child));
        } else if (node.isManifest()) {
            manifest(ctx, images, node);
        }
    }

    /** An archive need not hold all its indexes list: what was not asked for by its platform may be missing. */
    private boolean isWanted(ImageContent images, ImageTree.Node child) {
        boolean asked = child.whole() && !to.platforms().isEmpty();
        return asked || images.has(child.blob());
    }

    private void manifest(Context ctx, ImageContent images, ImageTree.Node node) {
        Manifest manifest = images.manifest(node.blob());
        images.label(node.blob(), GcLabels.of(manifest.children()));
        if (!node.whole()) {
            return;
        }
        manifests++;
        for (Descriptor blob : manifest.children()) {
            if (!images.has(blob)) {
                throw ErrorKind.INVALID_ARGUMENT.of("image archive lacks blob " + blob.digest() + " of manifest "
                        + node.blob().digest());
            }
        }
        unpack(ctx, images, manifest);
    }

    private void unpack(Context ctx, ImageContent images, Manifest manifest) {
        if (plan.isEmpty()) {
            return;
        }
        Config config = images.config(manifest.config());
        plan.target(manifest, config)
                .ifPresent(target -> parts.unpack()
                        .run(
                                ctx,
                                target,
                                images,
                                manifest.config(),
                                Layer.of(manifest.layers(), config.diffIds()),
                                layer -> {},
                                UnpackListener.NONE));
    }

    private void store(Context ctx, ImageContent images, Descriptor top) {
        StoredNames names = new StoredNames(parts.images(), to, parts.clock());
        List<Image> stored = new ArrayList<>(names.store(ctx, top));
        images.index(top).entries().stream()
                .map(Index.Entry::target)
                .filter(images::has)
                .forEach(target -> stored.addAll(names.storeAnnotated(ctx, target)));
        stored.forEach(image -> progress.on(Progress.of("saved", image.name(), image.target())));
    }
}
