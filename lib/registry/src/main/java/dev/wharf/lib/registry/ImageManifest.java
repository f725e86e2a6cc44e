package dev.wharf.lib.registry;

import java.util.List;
import java.util.Map;

/**
 * The manifest of one image (OCI image specification, image manifest; Docker image manifest version 2, schema 2).
 *
 * @param mediaType as the document says, empty when it does not
 * @param config the config of the image
 * @param layers its layers, the lowest first
 * @param annotations free text by key
 */
public record ImageManifest(
        String mediaType, RemoteDescriptor config, List<RemoteDescriptor> layers, Map<String, String> annotations) {
    public ImageManifest {
        layers = List.copyOf(layers);
        annotations = Map.copyOf(annotations);
    }

    /** Parses a manifest; unknown fields are passed over. Fails with kind INVALID, TOO_LARGE or UNSUPPORTED. */
    public static ImageManifest parse(byte[] document) {
        ManifestDocument manifest = new ManifestDocument(document, "manifest");
        if (manifest.has("manifests")) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID, "manifest has a list of manifests, as only an index has");
        }
        return new ImageManifest(
                manifest.mediaType(),
                manifest.descriptor("config"),
                manifest.descriptors("layers", (node, descriptor) -> descriptor),
                manifest.annotations());
    }
}
