package dev.wharf.client.image;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.oci.Descriptor;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Names for what was brought in. */
final class ImageRecords {
    private ImageRecords() {}

    /** Makes the name, or points it elsewhere if it is there. */
    static Image put(ImageStore images, Context ctx, String name, Descriptor target) {
        Image image = new Image(name, Map.of(), target, Instant.EPOCH, Instant.EPOCH);
        try {
            return images.create(ctx, image);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
            return images.update(ctx, image, List.of("target"));
        }
    }
}
