package dev.wharf.core.transfer.image;

import dev.wharf.core.unpack.UnpackTarget;
import java.util.List;
import java.util.function.Consumer;

/**
 * How transfers are done (containerd's {@code io.containerd.transfer.v1.local}).
 *
 * @param maxConcurrentDownloads how many blobs are downloaded at once by all pulls together
 * @param checkPlatform whether an image is unpacked only for the very platform that is asked for, not for any of the
 *     same operating system
 * @param defaultSnapshotter the snapshotter for requests that name none
 * @param targets where can be unpacked to
 * @param warnings is told what is left out
 */
public record TransferSettings(
        int maxConcurrentDownloads,
        boolean checkPlatform,
        String defaultSnapshotter,
        List<UnpackTarget> targets,
        Consumer<String> warnings) {
    public TransferSettings {
        if (maxConcurrentDownloads < 1) {
            throw new IllegalArgumentException("max_concurrent_downloads must be positive");
        }
        targets = List.copyOf(targets);
    }
}
