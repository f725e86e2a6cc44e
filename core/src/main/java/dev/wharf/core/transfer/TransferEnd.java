package dev.wharf.core.transfer;

import dev.wharf.core.oci.Platform;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Where a transfer comes from or goes to. */
public sealed interface TransferEnd {
    /** What it is, for progress and errors. */
    String describe();

    /**
     * An image in a registry.
     *
     * @param reference its name
     * @param access how to reach the registry
     */
    record Registry(String reference, RegistryAccess access) implements TransferEnd {
        @Override
        public String describe() {
            return "OCI Registry (" + reference + ")";
        }
    }

    /**
     * Images in the image store; as a destination it says how to name, choose and unpack what comes.
     *
     * @param name the name of the image, or empty
     * @param labels for the image
     * @param platforms what to bring in; none: all
     * @param allMetadata whether manifests and configs of other platforms come too
     * @param manifestLimit how many manifests of an index at most, 0 for all
     * @param references further names
     * @param unpacks what to unpack
     */
    record Store(
            String name,
            Map<String, String> labels,
            List<Platform> platforms,
            boolean allMetadata,
            int manifestLimit,
            List<ImageReference> references,
            List<UnpackRequest> unpacks)
            implements TransferEnd {
        public Store {
            labels = Map.copyOf(labels);
            platforms = List.copyOf(platforms);
            references = List.copyOf(references);
            unpacks = List.copyOf(unpacks);
        }

        /** An image by its name alone. */
        public static Store named(String name) {
            return new Store(name, Map.of(), List.of(), false, 0, List.of(), List.of());
        }

        @Override
        public String describe() {
            return "Local Image Store (" + name + ")";
        }
    }

    /**
     * An archive that comes.
     *
     * @param archive its bytes; closed by who made it
     * @param mediaType its type; when empty, its compression is found out
     * @param compress whether uncompressed layers are stored compressed
     */
    record ImportArchive(InputStream archive, String mediaType, boolean compress) implements TransferEnd {
        @Override
        public String describe() {
            return "image archive to import";
        }
    }

    /**
     * An archive to write.
     *
     * @param archive where to; closed by who made it
     * @param platforms which manifests of an index; none: that of this machine
     * @param allPlatforms whether all manifests of an index are written
     * @param skipManifestJson whether the manifest.json for {@code docker load} is left out
     * @param skipNonDistributable whether layers that must not be distributed are left out
     */
    record ExportArchive(
            OutputStream archive,
            List<Platform> platforms,
            boolean allPlatforms,
            boolean skipManifestJson,
            boolean skipNonDistributable)
            implements TransferEnd {
        public ExportArchive {
            platforms = List.copyOf(platforms);
        }

        @Override
        public String describe() {
            return "image archive to export";
        }
    }
}
