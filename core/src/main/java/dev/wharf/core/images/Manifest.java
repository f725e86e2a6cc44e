package dev.wharf.core.images;

import dev.wharf.core.oci.Descriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a manifest of one image refers to (OCI image specification, image manifest).
 *
 * @param config the image's config
 * @param layers its layers, lowest first
 */
public record Manifest(Descriptor config, List<Descriptor> layers) {
    public Manifest {
        layers = List.copyOf(layers);
    }

    /** All it refers to: config, then layers. */
    public List<Descriptor> children() {
        List<Descriptor> children = new ArrayList<>(layers.size() + 1);
        children.add(config);
        children.addAll(layers);
        return children;
    }
}
