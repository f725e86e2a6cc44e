package dev.wharf.core.transfer.image;

import dev.wharf.core.images.Config;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.UnpackRequest;
import dev.wharf.core.unpack.UnpackTarget;
import java.util.List;
import java.util.Optional;

/** Which images a transfer unpacks, and where to. */
final class UnpackPlan {
    private final TransferSettings settings;
    private final List<UnpackRequest> requests;

    UnpackPlan(TransferSettings settings, List<UnpackRequest> requests) {
        this.settings = settings;
        this.requests = requests;
    }

    /** Whether anything may be unpacked. */
    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Where an image is unpacked to; nowhere, when that was not asked for or cannot be done, or it is no image. */
    Optional<UnpackTarget> target(Manifest manifest, Config config) {
        boolean image = MediaTypes.isConfig(manifest.config().mediaType())
                && manifest.layers().stream().allMatch(layer -> MediaTypes.isLayer(layer.mediaType()));
        return image ? request(config).flatMap(this::target) : Optional.empty();
    }

    private Optional<UnpackRequest> request(Config config) {
        Optional<UnpackRequest> exact = requests.stream()
                .filter(request -> request.platform().runs(config.platform()))
                .findFirst();
        if (exact.isPresent() || settings.checkPlatform()) {
            return exact;
        }
        String os = config.platform().os();
        return requests.stream()
                .filter(request -> os.isEmpty() || request.platform().os().equals(os))
                .findFirst();
    }

    private Optional<UnpackTarget> target(UnpackRequest request) {
        String name = request.snapshotter().isEmpty() ? settings.defaultSnapshotter() : request.snapshotter();
        Optional<UnpackTarget> target = settings.targets().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        if (target.isEmpty()) {
            settings.warnings()
                    .accept("unpacking for " + request.platform() + " into snapshotter " + name
                            + " is not possible here: skipped");
        }
        return target;
    }
}
