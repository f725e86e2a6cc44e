package dev.wharf.wire;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;

/** Descriptors. */
public final class DescriptorMessages {
    private DescriptorMessages() {}

    /** The descriptor as a message. */
    public static dev.wharf.api.types.Descriptor toProto(Descriptor descriptor) {
        return dev.wharf.api.types.Descriptor.newBuilder()
                .setMediaType(descriptor.mediaType())
                .setDigest(descriptor.digest().toString())
                .setSize(descriptor.size())
                .putAllAnnotations(descriptor.annotations())
                .build();
    }

    /** The message as a descriptor; {@code INVALID_ARGUMENT} for a bad digest or a negative size. */
    public static Descriptor fromProto(dev.wharf.api.types.Descriptor message) {
        return new Descriptor(
                message.getMediaType(),
                Digest.parse(message.getDigest()),
                message.getSize(),
                message.getAnnotationsMap());
    }
}
