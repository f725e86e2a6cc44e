package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ImageNames;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import java.util.Optional;

/** Finds images by the name given, else by the full name it is short for. */
final class ImageFinder {
    private final Session session;

    ImageFinder(Session session) {
        this.session = session;
    }

    Optional<Image> find(String name) {
        Optional<Image> literal = exactly(name);
        return literal.isPresent() ? literal : exactly(ImageNames.full(name));
    }

    Image require(String name) {
        return find(name)
                .orElseThrow(() -> new WharfException(
                        ErrorKind.NOT_FOUND, "image " + name + ": not found; fetch it with: wharf pull " + name));
    }

    private Optional<Image> exactly(String name) {
        try {
            return Optional.of(session.client().images().get(session.ctx(), name));
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
