package dev.wharf.plugins.transfer.local;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.image.StoredNames;
import dev.wharf.core.transfer.image.TransferParts;
import dev.wharf.lib.registry.Reference;
import dev.wharf.lib.registry.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes images as an archive: an OCI layout that {@code docker load} reads too. */
final class ExportImages {
    private static final String SOURCE = "containerd.io/distribution.source.";
    private static final int MAX_DEPTH = 4;
    private static final int MAX_BLOBS = 100_000;

    private final TransferParts parts;
    private final TransferEnd.Store from;
    private final TransferEnd.ExportArchive to;
    private final Progress.Listener progress;
    private final List<Platform> platforms;
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();

    /** The names of each manifest for {@code docker load}. */
    private final Map<Descriptor, List<String>> loadable = new LinkedHashMap<>();

    ExportImages(
            TransferParts parts, TransferEnd.Store from, TransferEnd.ExportArchive to, Progress.Listener progress) {
        this.parts = parts;
        this.from = from;
        this.to = to;
        this.progress = progress;
        this.platforms = to.platforms().isEmpty() ? List.of(Platform.host()) : to.platforms();
    }

    /** Exports, under the lease of {@code ctx}. */
    void run(Context ctx) {
        progress.on(Progress.of("Exporting"));
        ImageContent images = new ImageContent(parts.content(), parts.documents(), ctx);
        List<Descriptor> tops = new ArrayList<>();
        for (Image image : images(ctx)) {
            tops.add(annotated(ctx, image));
            Descriptor target = plain(image.target());
            Descriptor manifest = add(images, target, 0)
                    .orElseThrow(() ->
                            ErrorKind.NOT_FOUND.of("manifest for platform " + platforms + " of image " + image.name()));
            loadable.computeIfAbsent(manifest, unknown -> new ArrayList<>()).add(image.name());
        }
        try {
            new LayoutWriter(parts.content(), ctx, to.archive()).write(tops, blobs.values(), loadList(images));
        } catch (IOException e) {
            throw ErrorKind.ABORTED.of("write image archive: " + e.getMessage(), e);
        }
        progress.on(Progress.of("Completed export"));
    }

    private List<Image> images(Context ctx) {
        List<Image> found = new ArrayList<>();
        if (!from.name().isEmpty()) {
            found.add(parts.images().get(ctx, from.name()));
        }
        for (ImageReference reference : from.references()) {
            if (reference.isPrefix()) {
                throw ErrorKind.NOT_IMPLEMENTED.of("prefix lookup on export");
            }
            found.add(parts.images().get(ctx, reference.name()));
        }
        return found;
    }

    private static Descriptor plain(Descriptor target) {
        return new Descriptor(target.mediaType(), target.digest(), target.size());
    }

    /** The target with its name, its tag and where it can be had from. */
    private Descriptor annotated(Context ctx, Image image) {
        Map<String, String> annotations = new HashMap<>(image.target().annotations());
        ContentInfo info = parts.content().info(ctx, image.target().digest());
        info.labels().forEach((label, value) -> {
            if (label.startsWith(SOURCE)) {
                annotations.put(label, value);
            }
        });
        annotations.put(StoredNames.IMAGE_NAME, image.name());
        annotations.put(StoredNames.REF_NAME, tag(image.name()));
        Descriptor target = image.target();
        return new Descriptor(target.mediaType(), target.digest(), target.size(), annotations);
    }

    private static String tag(String name) {
        try {
            Reference reference = Reference.parse(name);
            return reference.digest() == null
                    ? Optional.ofNullable(reference.tag()).orElse(name)
                    : name;
        } catch (RegistryException e) {
            return name;
        }
    }

    /** Adds what is wanted of a tree; answers the manifest that stands for the image in {@code manifest.json}. */
    private Optional<Descriptor> add(ImageContent images, Descriptor document, int depth) {
        if (MediaTypes.isManifest(document.mediaType())) {
            put(document);
            images.manifest(document).children().stream()
                    .filter(blob -> !to.skipNonDistributable() || !isNonDistributable(blob))
                    .forEach(this::put);
            return Optional.of(document);
        }
        if (!MediaTypes.isIndex(document.mediaType())) {
            throw ErrorKind.INVALID_ARGUMENT.of("only manifests may be exported, not " + document.mediaType());
        }
        if (depth == MAX_DEPTH) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("indexes nest deeper than " + MAX_DEPTH);
        }
        put(document);
        return addAll(images, images.index(document), depth);
    }

    private Optional<Descriptor> addAll(ImageContent images, Index index, int depth) {
        Map<Descriptor, Integer> found = new LinkedHashMap<>();
        for (Index.Entry entry : index.entries()) {
            boolean mine = entry.isFor(platforms);
            boolean document = MediaTypes.isIndex(entry.target().mediaType())
                    || MediaTypes.isManifest(entry.target().mediaType());
            if (document && (mine || to.allPlatforms())) {
                Optional<Descriptor> manifest = add(images, entry.target(), depth + 1);
                if (mine) {
                    manifest.ifPresent(one -> found.putIfAbsent(one, rank(entry)));
                }
            }
        }
        return found.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private int rank(Index.Entry entry) {
        for (int i = 0; i < platforms.size(); i++) {
            if (entry.platform().isPresent()
                    && platforms.get(i).runs(entry.platform().get())) {
                return i;
            }
        }
        return platforms.size();
    }

    private void put(Descriptor blob) {
        if (blobs.size() >= MAX_BLOBS) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("more than " + MAX_BLOBS + " blobs to export");
        }
        blobs.putIfAbsent(blob.digest(), blob);
    }

    /** Whether a layer is one that only its maker may give out. */
    static boolean isNonDistributable(Descriptor blob) {
        return blob.mediaType().startsWith(MediaTypes.OCI_LAYER_NONDISTRIBUTABLE)
                || blob.mediaType().startsWith(MediaTypes.DOCKER_LAYER_FOREIGN);
    }

    private List<LayoutWriter.Loadable> loadList(ImageContent images) {
        if (to.skipManifestJson()) {
            return List.of();
        }
        List<LayoutWriter.Loadable> list = new ArrayList<>();
        loadable.forEach((document, names) -> {
            Manifest manifest = images.manifest(document);
            list.add(new LayoutWriter.Loadable(
                    manifest, names.stream().map(ExportImages::familiar).toList()));
        });
        return list;
    }

    /** A name as Docker shows it. */
    private static String familiar(String name) {
        String hub = "docker.io/";
        String library = hub + "library/";
        if (name.startsWith(library)) {
            return name.substring(library.length());
        }
        return name.startsWith(hub) ? name.substring(hub.length()) : name;
    }
}
