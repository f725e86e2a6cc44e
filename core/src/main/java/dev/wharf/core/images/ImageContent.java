package dev.wharf.core.images;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The documents of images in a content store, as a context's namespace sees them. */
public final class ImageContent {
    /** Manifests, indexes and configs are read whole: more bytes than this are refused. */
    public static final int MAX_DOCUMENT = 8 << 20;

    private final ContentStore content;
    private final Documents documents;
    private final Context ctx;

    /** The documents that {@code ctx}'s namespace sees. */
    public ImageContent(ContentStore content, Documents documents, Context ctx) {
        this.content = content;
        this.documents = documents;
        this.ctx = ctx;
    }

    /** Parses a manifest; {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    public Manifest manifest(Descriptor document) {
        return documents.manifest(read(document));
    }

    /** Parses an index; {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    public Index index(Descriptor document) {
        return documents.index(read(document));
    }

    /** Parses a config; {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    public Config config(Descriptor document) {
        return documents.config(read(document));
    }

    /** What a document refers to directly; nothing for blobs that are no documents. */
    public List<Descriptor> children(Descriptor document) {
        if (MediaTypes.isIndex(document.mediaType())) {
            return index(document).children();
        }
        return MediaTypes.isManifest(document.mediaType()) ? manifest(document).children() : List.of();
    }

    /** The bytes of a document; {@code NOT_FOUND}, {@code RESOURCE_EXHAUSTED}. */
    public byte[] read(Descriptor document) {
        return content.read(ctx, document, MAX_DOCUMENT);
    }

    /** Sets labels on a blob and leaves its others; {@code NOT_FOUND}. */
    public void label(Descriptor blob, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            content.update(
                    ctx,
                    new ContentInfo(blob.digest(), 0, Instant.EPOCH, Instant.EPOCH, labels),
                    labels.keySet().stream().map(key -> "labels." + key).toList());
        }
    }

    /** Whether a blob is there. */
    public boolean has(Descriptor blob) {
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
}
