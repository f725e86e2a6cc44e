package dev.wharf.core.transfer.image;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.TransferEnd;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names a transfer stores, as a client asks for them. */
public final class StoredNames {
    /** The annotation with the full name of an image. */
    public static final String IMAGE_NAME = "io.containerd.image.name";

    /** The annotation with the tag of an image. */
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final int TRIES = 10;

    private final ImageStore images;
    private final TransferEnd.Store wanted;
    private final InstantSource clock;

    /** The names that are {@code wanted}. */
    public StoredNames(ImageStore images, TransferEnd.Store wanted, InstantSource clock) {
        this.images = images;
        this.wanted = wanted;
        this.clock = clock;
    }

    /** Stores the names for what was pulled or is the whole of an archive; none, when none was asked for. */
    public List<Image> store(Context ctx, Descriptor target) {
        List<Image> all = new ArrayList<>();
        if (!wanted.name().isEmpty()) {
            all.add(image(wanted.name(), target, wanted.labels()));
        }
        for (ImageReference reference : wanted.references()) {
            if (reference.addDigest()) {
                all.add(image(reference.name() + "@" + target.digest(), target, furtherLabels()));
            } else if (!reference.isPrefix()) {
                all.add(image(reference.name(), target, furtherLabels()));
            }
        }
        return put(ctx, all);
    }

    /** Stores the names for one image of an archive, by its annotations; none, when none fits. */
    public List<Image> storeAnnotated(Context ctx, Descriptor target) {
        List<Image> all = new ArrayList<>();
        for (ImageReference reference : wanted.references()) {
            if (!reference.isPrefix()) {
                continue;
            }
            String name = annotatedName(target, reference);
            if (!name.isEmpty()) {
                all.add(image(name, target, furtherLabels()));
            }
            if (reference.addDigest() && (name.isEmpty() || !reference.skipNamedDigest())) {
                all.add(image(reference.name() + "@" + target.digest(), target, furtherLabels()));
            }
        }
        return put(ctx, all);
    }

    /** A full name must fit as it is; of a tag alone a name is made. */
    private static String annotatedName(Descriptor target, ImageReference reference) {
        String full = target.annotations().getOrDefault(IMAGE_NAME, "");
        if (!full.isEmpty()) {
            return translated(full, reference).equals(full) ? full : "";
        }
        String tag = target.annotations().getOrDefault(REF_NAME, "");
        return tag.isEmpty() ? "" : translated(tag, reference);
    }

    private static String translated(String name, ImageReference reference) {
        if (reference.name().isEmpty()) {
            return "";
        }
        boolean full = name.indexOf('/') >= 0 || name.indexOf(':') >= 0 || name.indexOf('@') >= 0;
        if (!full) {
            return reference.name() + ":" + name;
        }
        return reference.allowOverwrite() || hasPrefix(name, reference.name()) ? name : "";
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.startsWith(prefix)
                && (name.length() == prefix.length() || "/:@".indexOf(name.charAt(prefix.length())) >= 0);
    }

    /** A further name goes when the first one does, and never before. */
    private Map<String, String> furtherLabels() {
        if (wanted.name().isEmpty()) {
            return wanted.labels();
        }
        Map<String, String> labels = new HashMap<>(wanted.labels());
        labels.put("containerd.io/gc.bref.image", wanted.name());
        labels.put(
                "containerd.io/gc.expire",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return labels;
    }

    private static Image image(String name, Descriptor target, Map<String, String> labels) {
        return new Image(name, labels, target, Instant.EPOCH, Instant.EPOCH);
    }

    private List<Image> put(Context ctx, List<Image> all) {
        return all.stream().map(image -> put(ctx, image)).toList();
    }

    /** Makes the name, or points it elsewhere if it is there; it may go meanwhile. */
    private Image put(Context ctx, Image image) {
        for (int attempt = 1; ; attempt++) {
            try {
                return images.create(ctx, image);
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                    throw e;
                }
            }
            try {
                return images.update(ctx, image, List.of());
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.NOT_FOUND || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
