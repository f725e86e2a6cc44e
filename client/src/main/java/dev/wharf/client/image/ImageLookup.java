package dev.wharf.client.image;

import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import java.util.List;

/** What of an image is for a platform. */
public final class ImageLookup {
    /** How deep indexes may nest. */
    private static final int MAX_DEPTH = 4;

    private final ImageContent content;

    /** The images whose blobs {@code ctx}'s namespace sees. */
    public ImageLookup(ContentStore content, Context ctx) {
        this.content = new ImageContent(content, new JsonDocuments(), ctx);
    }

    /** The documents it looks into. */
    public ImageContent content() {
        return content;
    }

    /** The manifest of an image for a platform; {@code NOT_FOUND} when it has none. */
    public Manifest manifest(Descriptor target, Platform platform) {
        return manifest(target, platform, 0);
    }

    /** The config a manifest refers to. */
    public ImageConfig config(Manifest manifest) {
        return ImageConfig.parse(content.read(manifest.config()));
    }

    private Manifest manifest(Descriptor target, Platform platform, int depth) {
        if (MediaTypes.isManifest(target.mediaType())) {
            return content.manifest(target);
        }
        if (!MediaTypes.isIndex(target.mediaType()) || depth == MAX_DEPTH) {
            throw ErrorKind.NOT_FOUND.of(
                    "manifest for " + platform + " below " + target.mediaType() + " " + target.digest());
        }
        for (Descriptor child : fitting(content.index(target), platform)) {
            if (isDocument(child) && content.has(child)) {
                return manifest(child, platform, depth + 1);
            }
        }
        throw ErrorKind.NOT_FOUND.of("manifest for platform " + platform + " in index " + target.digest());
    }

    /** What is for a platform, else what is for none in particular. */
    private static List<Descriptor> fitting(Index index, Platform wanted) {
        List<Descriptor> matching = index.entries().stream()
                .filter(entry -> entry.platform().filter(wanted::runs).isPresent())
                .map(Index.Entry::target)
                .toList();
        return !matching.isEmpty()
                ? matching
                : index.entries().stream()
                        .filter(entry -> entry.platform().isEmpty())
                        .map(Index.Entry::target)
                        .toList();
    }

    private static boolean isDocument(Descriptor child) {
        return MediaTypes.isManifest(child.mediaType()) || MediaTypes.isIndex(child.mediaType());
    }
}
