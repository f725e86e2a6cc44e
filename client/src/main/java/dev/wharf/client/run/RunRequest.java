package dev.wharf.client.run;

import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Platform;
import java.util.function.Consumer;

/**
 * What is to be run.
 *
 * @param id the container's id, an identifier; also the key of its snapshot
 * @param image what it is made of
 * @param platform which of the image's manifests
 * @param runtime e.g. {@code io.containerd.runc.v2}
 * @param snapshotter where its root is
 * @param user {@code user[:group]}, or empty for the image's
 * @param terminal whether it has a terminal
 * @param spec further changes to the spec, after defaults and image
 */
public record RunRequest(
        String id,
        Image image,
        Platform platform,
        String runtime,
        String snapshotter,
        String user,
        boolean terminal,
        Consumer<SpecBuilder> spec) {}
