package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.PullImage;
import dev.wharf.cmd.wharf.io.Streams;
import dev.wharf.cmd.wharf.output.ProgressView;
import dev.wharf.cmd.wharf.pull.RegistrySource;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Platform;

/**
 * Pulls an image and shows how it goes on standard error.
 *
 * @param platform for which
 * @param snapshotter into which it is unpacked
 * @param user {@code name:password}, or empty
 * @param plainHttp whether the registry is spoken to without encryption
 */
record Pulling(Platform platform, String snapshotter, String user, boolean plainHttp) {
    Image run(Session session, String name) {
        try (RegistrySource source = RegistrySource.of(name, user, plainHttp, "wharf/" + Versions.own());
                ProgressView progress = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            return new PullImage(session.client(), platform, snapshotter, progress).run(session.ctx(), source);
        }
    }
}
