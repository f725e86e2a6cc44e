package dev.wharf.wire;

import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import java.time.Instant;

/** Images as messages. */
public final class ImageMessages {
    private ImageMessages() {}

    /** The image as a message. */
    public static dev.wharf.api.services.images.v1.Image toProto(Image image) {
        return dev.wharf.api.services.images.v1.Image.newBuilder()
                .setName(image.name())
                .putAllLabels(image.labels())
                .setTarget(DescriptorMessages.toProto(image.target()))
                .setCreatedAt(Times.toProto(image.createdAt()))
                .setUpdatedAt(Times.toProto(image.updatedAt()))
                .build();
    }

    /** The message as an image; {@code INVALID_ARGUMENT} for a bad target. */
    public static Image fromProto(dev.wharf.api.services.images.v1.Image message) {
        return new Image(
                message.getName(),
                message.getLabelsMap(),
                DescriptorMessages.fromProto(message.getTarget()),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()));
    }

    /** The message as an image with this target and time; clients' own times do not count. */
    public static Image fromProto(dev.wharf.api.services.images.v1.Image message, Descriptor target, Instant time) {
        return new Image(message.getName(), message.getLabelsMap(), target, time, time);
    }
}
