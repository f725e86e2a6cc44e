package dev.wharf.core.transfer;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;

/** The names ingests of blobs get, which are those containerd's clients give, so that they wait for each other. */
public final class IngestRefs {
    private IngestRefs() {}

    /** The name for a blob, by its type and digest. */
    public static String of(Descriptor blob) {
        return kind(blob.mediaType()) + "-" + blob.digest();
    }

    private static String kind(String mediaType) {
        if (MediaTypes.isManifest(mediaType)) {
            return "manifest";
        }
        if (MediaTypes.isIndex(mediaType)) {
            return "index";
        }
        if (MediaTypes.isLayer(mediaType)) {
            return "layer";
        }
        return MediaTypes.isConfig(mediaType) ? "config" : "unknown";
    }
}
