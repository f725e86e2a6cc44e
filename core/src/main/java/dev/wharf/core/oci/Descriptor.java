package dev.wharf.core.oci;

import dev.wharf.core.error.ErrorKind;
import java.util.Map;

/**
 * A reference to content (OCI image specification, descriptor).
 *
 * @param mediaType the type of the content
 * @param digest its digest
 * @param size its size in bytes
 * @param annotations free text by key
 */
public record Descriptor(String mediaType, Digest digest, long size, Map<String, String> annotations) {
    public Descriptor {
        if (size < 0) {
            throw ErrorKind.INVALID_ARGUMENT.of("descriptor " + digest + " has a negative size " + size);
        }
        annotations = Map.copyOf(annotations);
    }

    /** A descriptor without annotations. */
    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of());
    }
}
