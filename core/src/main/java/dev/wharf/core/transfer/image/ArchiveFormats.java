package dev.wharf.core.transfer.image;

import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What archives of images hold beside manifests and configs: compression, JSON, names. Who implements it brings the
 * libraries for that. {@code INVALID_ARGUMENT} for what cannot be read.
 */
public interface ArchiveFormats {
    /** The archive without its compression, which is told by its first bytes. */
    InputStream uncompressed(InputStream archive) throws IOException;

    /** The version an {@code oci-layout} file tells, or empty. */
    String layoutVersion(byte[] layout);

    /** What the {@code manifest.json} of {@code docker save} lists. */
    List<Saved> saved(byte[] manifestJson);

    /** A Docker manifest as JSON. */
    byte[] manifest(Manifest manifest);

    /** An index of manifests as JSON, with their annotations in the order of their names. */
    byte[] index(List<Descriptor> manifests);

    /** A name as {@code docker save} writes it, made full. */
    Name name(String tag);

    /**
     * An image of {@code docker save}.
     *
     * @param config the file of its config
     * @param tags its names
     * @param layers the files of its layers, lowest first
     */
    record Saved(String config, List<String> tags, List<String> layers) {
        public Saved {
            tags = List.copyOf(tags);
            layers = List.copyOf(layers);
        }
    }

    /**
     * A name.
     *
     * @param full with registry and tag
     * @param tag its tag, or all of it when it has none
     */
    record Name(String full, String tag) {}
}
