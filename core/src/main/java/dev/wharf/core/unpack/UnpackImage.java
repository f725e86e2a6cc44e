package dev.wharf.core.unpack;

import dev.wharf.core.concurrent.TaskGroup;
import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.concurrent.Uninterrupted;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.oci.Descriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Unpacks the layers of an image. Where the target can, several layers are applied at once, made durable together, and
 * only then committed upon one another; else one is applied and committed after the other.
 *
 * <p>What others of this process unpack already is waited for.
 */
public final class UnpackImage {
    private final LeaseManager leases;
    private final DiskSync disk;
    private final Turns turns;
    private final RandomGenerator random;

    /** Unpacks with these parts; {@code turns} are shared by all that unpack. */
    public UnpackImage(LeaseManager leases, DiskSync disk, Turns turns, RandomGenerator random) {
        this.leases = leases;
        this.disk = disk;
        this.turns = turns;
        this.random = random;
    }

    /**
     * Unpacks the layers of an image, whose config must be there, and labels what keeps the snapshots.
     *
     * @param ready called for each layer before it is applied; returns when its blob is there
     */
    public void run(
            Context ctx,
            UnpackTarget target,
            ImageContent images,
            Descriptor config,
            List<Layer> layers,
            Consumer<Layer> ready,
            UnpackListener listener) {
        Deque<Turns.Turn> held = new ArrayDeque<>();
        Job job = new Job(ctx, target, images, ready, listener);
        try {
            List<Layer> missing = missing(job, layers, held);
            layers.stream().filter(layer -> !missing.contains(layer)).forEach(layer -> {
                ready.accept(layer);
                listener.extracted(layer.blob());
            });
            unpack(job, missing);
        } finally {
            held.forEach(Turns.Turn::close);
        }
        if (!layers.isEmpty()) {
            images.label(
                    config,
                    Map.of(
                            "containerd.io/gc.ref.snapshot." + target.name(),
                            layers.getLast().chainId().toString()));
        }
    }

    /** What one run works with. */
    private record Job(
            Context ctx, UnpackTarget target, ImageContent images, Consumer<Layer> ready, UnpackListener listener) {}

    /** The layers to unpack, each of which this has the turn of: it is taken from the lowest up, by all. */
    private List<Layer> missing(Job job, List<Layer> layers, Deque<Turns.Turn> held) {
        if (layers.isEmpty() || exists(job, layers.getLast())) {
            return List.of();
        }
        List<Layer> missing = new ArrayList<>();
        for (Layer layer : layers) {
            Turns.Turn turn = turns.take(
                    "snapshot " + job.target().name() + " " + job.ctx().namespace() + " " + layer.chainId());
            held.push(turn);
            if (exists(job, layer)) {
                held.pop().close();
            } else {
                missing.add(layer);
            }
        }
        return missing;
    }

    private void unpack(Job job, List<Layer> missing) {
        if (job.target().atOnce() == 1 || missing.size() < 2) {
            oneByOne(job, missing);
            return;
        }
        try {
            together(job, missing);
        } catch (WharfException e) {
            // A layer that links to a file below it, for one, can be applied only upon what is below.
            if (e.kind() != ErrorKind.FAILED_PRECONDITION) {
                throw e;
            }
            oneByOne(job, missing);
        }
    }

    private void oneByOne(Job job, List<Layer> missing) {
        for (Layer layer : missing) {
            if (exists(job, layer)) {
                job.listener().extracted(layer.blob());
                continue;
            }
            try (LayerSnapshot snapshot = prepare(job, layer, layer.parent())) {
                job.ready().accept(layer);
                snapshot.apply(job.listener(), true);
                commit(job, snapshot);
            }
        }
    }

    private void together(Job job, List<Layer> missing) {
        List<LayerSnapshot> snapshots = new ArrayList<>();
        try {
            for (Layer layer : missing) {
                // The lowest goes upon its parent at once, the others at commit.
                String parent = layer.equals(missing.getFirst()) ? layer.parent() : "";
                snapshots.add(prepare(job, layer, parent));
            }
            applyAll(job, snapshots);
            snapshots.stream()
                    .filter(snapshot -> !snapshot.mounts().isEmpty())
                    .findFirst()
                    .ifPresent(any -> disk.sync(any.mounts()));
            snapshots.forEach(snapshot -> commit(job, snapshot));
        } finally {
            Uninterrupted.run(() -> snapshots.reversed().forEach(LayerSnapshot::close));
        }
    }

    private LayerSnapshot prepare(Job job, Layer layer, String parent) {
        return LayerSnapshot.prepare(new LayerSnapshot.Place(job.ctx(), job.target(), layer, parent), random);
    }

    private static void applyAll(Job job, List<LayerSnapshot> snapshots) {
        Semaphore places = new Semaphore(job.target().atOnce());
        try (TaskGroup group = new TaskGroup("unpack")) {
            for (LayerSnapshot snapshot : snapshots) {
                group.start(() -> {
                    job.ready().accept(snapshot.layer());
                    apply(job, snapshot, places);
                });
            }
            group.join();
        }
    }

    private static void apply(Job job, LayerSnapshot snapshot, Semaphore places) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait to unpack", e);
        }
        try {
            snapshot.apply(job.listener(), false);
        } finally {
            places.release();
        }
    }

    private static void commit(Job job, LayerSnapshot snapshot) {
        Layer layer = snapshot.layer();
        snapshot.commit();
        job.images()
                .label(
                        layer.blob(),
                        Map.of("containerd.io/uncompressed", layer.diffId().toString()));
        job.listener().extracted(layer.blob());
    }

    /** Whether a layer is unpacked; if so, the lease of the request holds it. */
    private boolean exists(Job job, Layer layer) {
        String name = layer.chainId().toString();
        Context ctx = job.ctx();
        // First the lease: what is there then stays there.
        ctx.lease()
                .ifPresent(lease -> leases.addResource(
                        ctx,
                        lease,
                        new LeaseResource(name, "snapshots/" + job.target().name())));
        try {
            job.target().snapshotter().stat(ctx, name);
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
