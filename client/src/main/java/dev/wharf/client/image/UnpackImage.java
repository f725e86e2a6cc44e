package dev.wharf.client.image;

import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.ChainId;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.snapshots.Snapshotter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Unpacks an image's layers into a chain of committed snapshots named by their chain ids.
 *
 * <p>Each layer is applied to an active snapshot with a random key and committed when its diff id is right, so that
 * several clients may do the same at once and none sees half a layer. Labels are those of containerd's own unpacker.
 */
public final class UnpackImage {
    private static final int TRIES = 3;
    private static final String INHERITED = "containerd.io/snapshot/";

    private final ImageContent images;
    private final Snapshotter snapshotter;
    private final String snapshotterName;
    private final Applier applier;
    private final RandomGenerator random;
    private final Progress progress;

    /**
     * Unpacks with these parts.
     *
     * @param snapshotterName the name of {@code snapshotter}, for the label that keeps the snapshots
     */
    public UnpackImage(
            ImageContent images,
            Snapshotter snapshotter,
            String snapshotterName,
            Applier applier,
            RandomGenerator random,
            Progress progress) {
        this.images = images;
        this.snapshotter = snapshotter;
        this.snapshotterName = snapshotterName;
        this.applier = applier;
        this.random = random;
        this.progress = progress;
    }

    /** Whether the image is unpacked; {@code NOT_FOUND} when its config is not there. */
    public boolean isUnpacked(Context ctx, ImageConfig config) {
        List<Digest> chain = ChainId.ofEach(config.diffIds());
        return chain.isEmpty() || exists(ctx, chain.getLast());
    }

    /** Unpacks all layers of an image. */
    public void run(Context ctx, ImageManifest manifest) {
        run(ctx, manifest, images.config(manifest), layer -> {});
    }

    /**
     * Unpacks all layers of an image.
     *
     * @param ready called with the index of each layer before it is unpacked; returns when the layer is there
     */
    void run(Context ctx, ImageManifest manifest, ImageConfig config, IntConsumer ready) {
        List<Digest> diffIds = config.diffIds();
        if (diffIds.size() != manifest.layers().size()) {
            throw ErrorKind.INVALID_ARGUMENT.of("image config names " + diffIds.size() + " layers, its manifest "
                    + manifest.layers().size());
        }
        List<Digest> chain = ChainId.ofEach(diffIds);
        for (int i = 0; i < chain.size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            ready.accept(i);
            progress.unpacking(layer);
            if (!exists(ctx, chain.get(i))) {
                unpack(
                        ctx,
                        new Step(
                                layer,
                                diffIds.get(i),
                                chain.get(i),
                                i == 0 ? "" : chain.get(i - 1).toString()));
            }
            progress.unpacked(layer);
        }
        if (!chain.isEmpty()) {
            images.label(
                    manifest.config(),
                    Map.of(
                            "containerd.io/gc.ref.snapshot." + snapshotterName,
                            chain.getLast().toString()));
        }
    }

    /** One layer: its archive, its place in the chain, and the chain id below, empty for the lowest. */
    private record Step(Descriptor layer, Digest diffId, Digest chainId, String parent) {}

    private void unpack(Context ctx, Step step) {
        for (int attempt = 1; ; attempt++) {
            String key = "extract-" + System.nanoTime() + "-" + HexFormat.of().toHexDigits(random.nextInt()) + " "
                    + step.chainId();
            try {
                List<Mount> mounts = snapshotter.prepare(ctx, key, step.parent(), labels(step));
                extract(ctx, key, step, mounts);
                return;
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.ALREADY_EXISTS || attempt == TRIES) {
                    throw e;
                }
                if (exists(ctx, step.chainId())) {
                    return;
                }
            }
        }
    }

    private void extract(Context ctx, String key, Step step, List<Mount> mounts) {
        try {
            Descriptor applied = applier.apply(ctx, step.layer(), mounts, Applier.Options.DEFAULT);
            if (!applied.digest().equals(step.diffId())) {
                throw ErrorKind.INVALID_ARGUMENT.of("layer " + step.layer().digest() + " unpacks to diff id "
                        + applied.digest() + ", the image config says " + step.diffId());
            }
            snapshotter.commit(ctx, step.chainId().toString(), key, "", labels(step));
        } catch (WharfException e) {
            discard(ctx, key, e);
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e.during("unpack layer " + step.layer().digest());
            }
        }
        images.label(
                step.layer(), Map.of("containerd.io/uncompressed", step.diffId().toString()));
    }

    private void discard(Context ctx, String key, WharfException cause) {
        try {
            snapshotter.remove(ctx, key);
        } catch (WharfException e) {
            cause.addSuppressed(e);
        }
    }

    private static Map<String, String> labels(Step step) {
        Map<String, String> labels = new HashMap<>();
        step.layer().annotations().forEach((key, value) -> {
            if (key.startsWith(INHERITED)) {
                labels.put(key, value);
            }
        });
        labels.put("containerd.io/snapshot.ref", step.chainId().toString());
        labels.put("containerd.io/snapshot/diff-id", step.diffId().toString());
        if (!step.parent().isEmpty()) {
            labels.put("containerd.io/snapshot/parent-chain-id", step.parent());
        }
        return labels;
    }

    private boolean exists(Context ctx, Digest chainId) {
        try {
            snapshotter.stat(ctx, chainId.toString());
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
