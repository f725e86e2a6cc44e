package dev.wharf.core.unpack;

import dev.wharf.core.concurrent.Uninterrupted;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The active snapshot a layer is applied to. Closed before it is committed, it is removed. */
final class LayerSnapshot implements AutoCloseable {
    private static final int TRIES = 3;

    private final Context ctx;
    private final UnpackTarget target;
    private final Layer layer;
    private final String parent;
    private final String key;
    private final List<Mount> mounts;
    private boolean ended;

    private LayerSnapshot(Place place, String key, List<Mount> mounts, boolean ended) {
        this.ctx = place.ctx();
        this.target = place.target();
        this.layer = place.layer();
        this.parent = place.parent();
        this.key = key;
        this.mounts = mounts;
        this.ended = ended;
    }

    /**
     * Where a layer goes.
     *
     * @param parent what it is prepared upon; if that is not the layer's parent, it is put upon that at commit
     */
    record Place(Context ctx, UnpackTarget target, Layer layer, String parent) {}

    /** Prepares a snapshot; one that has ended where another program has unpacked the layer meanwhile. */
    static LayerSnapshot prepare(Place place, RandomGenerator random) {
        Layer layer = place.layer();
        for (int attempt = 1; ; attempt++) {
            long nanos = Math.floorMod(System.nanoTime(), 1_000_000_000L);
            String key = "extract-" + nanos + "-" + unique(random) + " " + layer.chainId();
            try {
                List<Mount> mounts =
                        place.target().snapshotter().prepare(place.ctx(), key, place.parent(), layer.labels());
                return new LayerSnapshot(place, key, mounts, false);
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                    removeIfMade(place, key, e);
                }
                if (e.kind() != ErrorKind.ALREADY_EXISTS || attempt == TRIES) {
                    throw e.during(
                            "prepare a snapshot for layer " + layer.blob().digest());
                }
                if (isCommitted(place)) {
                    return new LayerSnapshot(place, key, List.of(), true);
                }
            }
        }
    }

    /** Who is interrupted while the snapshot is made does not learn whether it was. */
    private static void removeIfMade(Place place, String key, WharfException failure) {
        try {
            remove(place.target(), place.ctx(), key);
        } catch (WharfException e) {
            failure.addSuppressed(e);
        }
    }

    private static void remove(UnpackTarget target, Context ctx, String key) {
        Uninterrupted.run(() -> {
            try {
                target.snapshotter().remove(ctx.withDeadline(null), key);
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e.during("remove the snapshot of a layer that was not unpacked");
                }
            }
        });
    }

    private static String unique(RandomGenerator random) {
        byte[] bytes = new byte[3];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    private static boolean isCommitted(Place place) {
        try {
            place.target()
                    .snapshotter()
                    .stat(place.ctx(), place.layer().chainId().toString());
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    Layer layer() {
        return layer;
    }

    List<Mount> mounts() {
        return mounts;
    }

    /** Applies the layer and checks its diff id. */
    void apply(UnpackListener listener, boolean sync) {
        if (ended) {
            return;
        }
        listener.extracting(layer.blob());
        Applier.Options options = new Applier.Options(Applier.Options.DEFAULT.payloads(), sync);
        Descriptor applied = target.applier().apply(ctx, layer.blob(), applied(), options);
        if (!applied.digest().equals(layer.diffId())) {
            throw ErrorKind.INVALID_ARGUMENT.of("layer " + layer.blob().digest() + " unpacks to diff id "
                    + applied.digest() + ", the image config says " + layer.diffId());
        }
    }

    /** Where the layer goes: what is put upon a parent later is an upper directory now, with overlayfs' marks. */
    private List<Mount> applied() {
        if (parent.equals(layer.parent())
                || mounts.size() != 1
                || !mounts.getFirst().type().equals("bind")) {
            return mounts;
        }
        Mount bind = mounts.getFirst();
        List<String> options = Stream.concat(
                        bind.options().stream().filter(option -> !option.equals("rbind") && !option.equals("rw")),
                        Stream.of("upperdir=" + bind.source()))
                .toList();
        return List.of(Mount.of("overlay", "overlay", options));
    }

    /** Gives the snapshot its name; that another program did so meanwhile is no failure. */
    void commit() {
        if (ended) {
            return;
        }
        String upon = parent.equals(layer.parent()) ? "" : layer.parent();
        try {
            target.snapshotter().commit(ctx, layer.chainId().toString(), key, upon, layer.labels());
            ended = true;
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e.during("unpack layer " + layer.blob().digest());
            }
        }
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            remove(target, ctx, key);
        }
    }
}
