package dev.wharf.client.image;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The documents of images in a content store. */
public final class ImageContent {
    /** Manifests, indexes and configs are read whole: more than this is refused. */
    static final int MAX_DOCUMENT = 8 << 20;

    /** How deep indexes may nest. */
    private static final int MAX_DEPTH = 4;

    private final ContentStore content;
    private final Context ctx;

    /** The documents that {@code ctx}'s namespace sees. */
    public ImageContent(ContentStore content, Context ctx) {
        this.content = content;
        this.ctx = ctx;
    }

    /** The manifest of an image for a platform; {@code NOT_FOUND} when it has none. */
    public ImageManifest manifest(Descriptor target, Platform platform) {
        return manifest(target, platform, 0);
    }

    /** The config a manifest refers to. */
    public ImageConfig config(ImageManifest manifest) {
        return ImageConfig.parse(read(manifest.config()));
    }

    /** What a document refers to directly; nothing for blobs that are no documents. */
    List<Descriptor> children(Descriptor document) {
        if (MediaTypes.isIndex(document.mediaType())) {
            return ImageIndex.parse(read(document)).children();
        }
        return MediaTypes.isManifest(document.mediaType())
                ? ImageManifest.parse(read(document)).children()
                : List.of();
    }

    /** What a document refers to directly and is needed for a platform. */
    List<Descriptor> children(Descriptor document, Platform platform) {
        return MediaTypes.isIndex(document.mediaType())
                ? ImageIndex.parse(read(document)).forPlatform(platform)
                : children(document);
    }

    /** Sets labels on a blob and leaves its others. */
    void label(Descriptor blob, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            content.update(
                    ctx,
                    new ContentInfo(blob.digest(), 0, Instant.EPOCH, Instant.EPOCH, labels),
                    labels.keySet().stream().map(key -> "labels." + key).toList());
        }
    }

    /** Whether a blob is there. */
    boolean has(Descriptor blob) {
        try {
            content.info(ctx, blob.digest());
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    byte[] read(Descriptor document) {
        return content.read(ctx, document, MAX_DOCUMENT);
    }

    private ImageManifest manifest(Descriptor target, Platform platform, int depth) {
        if (MediaTypes.isManifest(target.mediaType())) {
            return ImageManifest.parse(read(target));
        }
        if (!MediaTypes.isIndex(target.mediaType()) || depth == MAX_DEPTH) {
            throw ErrorKind.NOT_FOUND.of(
                    "manifest for " + platform + " below " + target.mediaType() + " " + target.digest());
        }
        for (Descriptor child : ImageIndex.parse(read(target)).forPlatform(platform)) {
            if (isDocument(child) && has(child)) {
                return manifest(child, platform, depth + 1);
            }
        }
        throw ErrorKind.NOT_FOUND.of("manifest for platform " + platform + " in index " + target.digest());
    }

    private static boolean isDocument(Descriptor child) {
        return MediaTypes.isManifest(child.mediaType()) || MediaTypes.isIndex(child.mediaType());
    }
}
