package dev.wharf.services.images;

import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.services.convert.DescriptorMessages;
import dev.wharf.services.convert.Times;
import java.time.Instant;

/** Images as messages. */
final class ImageMessages {
    private ImageMessages() {}

    static dev.wharf.api.services.images.v1.Image toProto(Image image) {
        return dev.wharf.api.services.images.v1.Image.newBuilder()
                .setName(image.name())
                .putAllLabels(image.labels())
                .setTarget(DescriptorMessages.toProto(image.target()))
                .setCreatedAt(Times.toProto(image.createdAt()))
                .setUpdatedAt(Times.toProto(image.updatedAt()))
                .build();
    }

    /** The message as an image with this target and time; clients' own times do not count. */
    static Image fromProto(dev.wharf.api.services.images.v1.Image message, Descriptor target, Instant time) {
        return new Image(message.getName(), message.getLabelsMap(), target, time, time);
    }
}
