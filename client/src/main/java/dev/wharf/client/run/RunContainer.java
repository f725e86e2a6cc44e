package dev.wharf.client.run;

import dev.wharf.client.WharfClient;
import dev.wharf.client.image.ImageConfig;
import dev.wharf.client.image.ImageLookup;
import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.leases.WorkLease;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.ChainId;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.core.unpack.Layer;
import dev.wharf.core.unpack.UnpackImage;
import dev.wharf.core.unpack.UnpackListener;
import dev.wharf.core.unpack.UnpackTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes a container of an image and starts it: unpacks the image where needed, prepares the root, works out user and
 * spec, creates container and task, starts. What was made is taken back if a later step fails.
 */
public final class RunContainer {
    private static final String STOP_SIGNAL = "io.containerd.image.config.stop-signal";

    private final WharfClient client;
    private final RootFiles roots;
    private final UnpackListener progress;

    /** Runs containers of a daemon; {@code progress} is told if an image has to be unpacked. */
    public RunContainer(WharfClient client, RootFiles roots, UnpackListener progress) {
        this.client = client;
        this.roots = roots;
        this.progress = progress;
    }

    /** Starts a container; {@code ALREADY_EXISTS} for its id. */
    public RunningContainer start(Context outer, RunRequest request, ProcessIo.Factory ioFactory) {
        RandomGenerator random = RandomGenerator.getDefault();
        UndoStack undo = new UndoStack();
        try (WorkLease lease = WorkLease.take(client.leases(), outer, InstantSource.system(), random)) {
            return start(outer, lease.ctx(), request, ioFactory, undo);
        } catch (RuntimeException e) {
            undo.undo(e);
            throw e;
        }
    }

    private RunningContainer start(
            Context outer, Context ctx, RunRequest request, ProcessIo.Factory ioFactory, UndoStack undo) {
        Snapshotter snapshotter = client.snapshotter(request.snapshotter());
        ImageConfig config = unpacked(ctx, request, snapshotter);
        String parent = config.diffIds().isEmpty()
                ? ""
                : ChainId.ofEach(config.diffIds()).getLast().toString();
        List<Mount> mounts = snapshotter.prepare(ctx, request.id(), parent, Map.of());
        undo.push(() -> snapshotter.remove(outer, request.id()));

        TypedValue spec = spec(ctx, request, config, mounts);
        client.containers().create(ctx, container(request, config, spec));
        undo.push(() -> client.containers().delete(outer, request.id()));

        ProcessIo io = ioFactory.open(request.id(), request.terminal());
        undo.push(io::close);
        Task task = client.tasks()
                .create(ctx, new CreateTask(request.id(), request.runtime(), spec, mounts, io.task(), null, "", ""));
        undo.push(() -> new RemoveContainer(client).endTask(outer, request.id()));
        ProcessControl control = new TaskControl(outer, task, "");
        io.created(control);
        task.start(outer, "");
        io.started(control);
        return new RunningContainer(outer, client, task, io);
    }

    private ImageConfig unpacked(Context ctx, RunRequest request, Snapshotter snapshotter) {
        ImageLookup images = new ImageLookup(client.content(), ctx);
        Manifest manifest = images.manifest(request.image().target(), request.platform());
        ImageConfig config = images.config(manifest);
        List<Layer> layers = Layer.of(manifest.layers(), config.diffIds());
        if (!layers.isEmpty() && !isUnpacked(ctx, snapshotter, layers.getLast())) {
            UnpackTarget target = new UnpackTarget(request.snapshotter(), snapshotter, client.applier(), 1);
            new UnpackImage(client.leases(), mounts -> {}, new Turns(), RandomGenerator.getDefault())
                    .run(ctx, target, images.content(), manifest.config(), layers, layer -> {}, progress);
        }
        return config;
    }

    private static boolean isUnpacked(Context ctx, Snapshotter snapshotter, Layer top) {
        try {
            snapshotter.stat(ctx, top.chainId().toString());
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private TypedValue spec(Context ctx, RunRequest request, ImageConfig config, List<Mount> mounts) {
        SpecBuilder spec = SpecBuilder.defaults(ctx.namespace(), request.id()).image(config);
        String user = request.user().isEmpty() ? config.user() : request.user();
        spec.user(new UserLookup(roots.read(mounts, UserLookup.FILES)).find(user));
        if (request.terminal()) {
            spec.terminal();
        }
        request.spec().accept(spec);
        return spec.build();
    }

    private static Container container(RunRequest request, ImageConfig config, TypedValue spec) {
        Map<String, String> labels = new HashMap<>();
        config.labels().forEach((key, value) -> {
            if (!isReserved(key)) {
                labels.put(key, value);
            }
        });
        labels.put(STOP_SIGNAL, config.stopSignal().isEmpty() ? "SIGTERM" : config.stopSignal());
        return new Container(
                request.id(),
                labels,
                request.image().name(),
                new Container.Runtime(request.runtime(), null),
                spec,
                request.snapshotter(),
                request.id(),
                "",
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** Labels that mean something to daemons are not for images to set. */
    private static boolean isReserved(String label) {
        return label.startsWith("containerd.io/") || label.startsWith("io.cri-containerd");
    }
}
