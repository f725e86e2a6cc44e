package dev.wharf.lib.registry;

import java.util.Map;

/**
 * A reference to content in a registry (OCI image specification, descriptor).
 *
 * @param mediaType type of the content
 * @param digest {@code algorithm:hex}
 * @param size in bytes
 * @param annotations free text by key
 */
public record RemoteDescriptor(String mediaType, String digest, long size, Map<String, String> annotations) {
    public RemoteDescriptor {
        RemoteDigest.checked(digest);
        if (size < 0) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID, "descriptor " + digest + " has a negative size " + size);
        }
        annotations = Map.copyOf(annotations);
    }

    /** A descriptor without annotations. */
    public RemoteDescriptor(String mediaType, String digest, long size) {
        this(mediaType, digest, size, Map.of());
    }
}
