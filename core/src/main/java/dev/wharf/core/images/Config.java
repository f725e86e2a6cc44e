package dev.wharf.core.images;

import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.Platform;
import java.util.List;

/**
 * What of an image's config unpacking needs (OCI image specification, image configuration).
 *
 * @param platform what the image runs on
 * @param diffIds digests of the layers' archives, lowest first
 */
public record Config(Platform platform, List<Digest> diffIds) {
    public Config {
        diffIds = List.copyOf(diffIds);
    }
}
