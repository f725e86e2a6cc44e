package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.names.Identifiers;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.lib.linux.CgroupMoves;
import dev.wharf.lib.linux.ErrnoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Creates a task: bundle, shim, connection, container; a step that fails takes back those before it. */
final class CreateShimTask {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final RunningTasks tasks;
    private final Bundles bundles;
    private final ShimPaths paths;
    private final Function<Path, ShimBinary> binaries;
    private final HeldShims held;
    private final ShimLogs logs;
    private final DeadShims deadShims;
    private final AbandonedShims abandoned;
    private final KnownContainers known;
    private final ShimTimeouts timeouts;

    CreateShimTask(
            RunningTasks tasks,
            Bundles bundles,
            ShimPaths paths,
            Function<Path, ShimBinary> binaries,
            HeldShims held,
            ShimLogs logs,
            DeadShims deadShims,
            AbandonedShims abandoned,
            KnownContainers known,
            ShimTimeouts timeouts) {
        this.tasks = tasks;
        this.bundles = bundles;
        this.paths = paths;
        this.binaries = binaries;
        this.held = held;
        this.logs = logs;
        this.deadShims = deadShims;
        this.abandoned = abandoned;
        this.known = known;
        this.timeouts = timeouts;
    }

    Shim run(Context ctx, CreateTask request) {
        String namespace = ctx.namespace();
        String id = Identifiers.check(request.containerId());
        ShimBinary binary = binaries.apply(paths.resolve(request.runtime()));
        tasks.reserve(namespace, id);
        CgroupMoves.expect();
        try (UndoStack undo = new UndoStack()) {
            undo.add("release id", () -> tasks.release(namespace, id));
            Bundle bundle = bundles.create(namespace, id, request.spec());
            undo.add("delete bundle", bundle::delete);
            Runnable endLog = follow(bundle);
            undo.add("end log", endLog);
            Shim shim = connect(ctx, request, bundle, binary, endLog, undo);
            create(ctx, request, shim);
            enter(shim);
            undo.keep();
            return shim;
        }
    }

    private Runnable follow(Bundle bundle) {
        try {
            return logs.follow(bundle.namespace(), bundle.id(), bundle.log());
        } catch (ErrnoException e) {
            throw ErrorKind.UNKNOWN.of("open log of shim " + bundle.log() + ": " + e.getMessage(), e);
        }
    }

    private Shim connect(
            Context ctx, CreateTask request, Bundle bundle, ShimBinary binary, Runnable endLog, UndoStack undo) {
        Optional<ShimEndpoint> shared = sandbox(bundle.namespace(), request.sandboxId());
        Reached reached;
        if (shared.isPresent()) {
            bundle.writeSandbox(request.sandboxId());
            reached = reach(ctx, bundle, shared.get());
        } else {
            undo.add("end what the shim's start left", () -> abandoned.endStart(bundle));
            reached = running(ctx, request, bundle, binary)
                    .orElseGet(() -> reach(ctx, bundle, start(ctx, request, bundle, binary)));
        }
        bundle.writeBinary(binary.path());
        bundle.writeEndpoint(reached.endpoint());
        Shim shim =
                new Shim(bundle, Optional.of(binary.path()), reached.endpoint(), reached.client(), timeouts, endLog);
        undo.add("end shim", () -> abandoned.end(shim));
        return shim;
    }

    private record Reached(ShimEndpoint endpoint, TaskClient client) {}

    private Reached reach(Context ctx, Bundle bundle, ShimEndpoint endpoint) {
        TaskClient client = held.client(endpoint, bundle.namespace(), bundle.id())
                .orElseGet(() -> TaskClient.connect(endpoint, bundle.namespace(), bundle.id(), ctx.remaining(CONNECT)));
        return new Reached(endpoint, client);
    }

    /** The shim that runs already for containers like this one; none when there is none or it has died just now. */
    private Optional<Reached> running(Context ctx, CreateTask request, Bundle bundle, ShimBinary binary) {
        try {
            return held.find(binary.path(), bundle.namespace(), request.spec())
                    .map(endpoint -> reach(ctx, bundle, endpoint));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private ShimEndpoint start(Context ctx, CreateTask request, Bundle bundle, ShimBinary binary) {
        ShimEndpoint started = binary.start(bundle, request.options(), ctx.remaining(timeouts.start()));
        held.hold(binary.path(), bundle.namespace(), request.spec(), started);
        return started;
    }

    /** The shim of the sandbox to join; none for shims that cannot be shared without their binary being run. */
    private Optional<ShimEndpoint> sandbox(String namespace, String sandboxId) {
        if (sandboxId.isEmpty()) {
            return Optional.empty();
        }
        return known.sandboxEndpoint(namespace, sandboxId)
                .or(() -> known.isSandbox(namespace, sandboxId)
                        ? tasks.find(namespace, sandboxId).map(Shim::endpoint)
                        : Optional.empty())
                .filter(endpoint -> endpoint.version() >= ShimEndpoint.NEWEST);
    }

    private void create(Context ctx, CreateTask request, Shim shim) {
        TaskIo io = request.io();
        CreateTaskRequest.Builder message = CreateTaskRequest.newBuilder()
                .setId(shim.id())
                .setBundle(shim.bundle().path().toString())
                .setTerminal(io.terminal())
                .setStdin(io.stdin())
                .setStdout(io.stdout())
                .setStderr(io.stderr())
                .setCheckpoint(request.checkpoint());
        request.rootfs().forEach(mount -> message.addRootfs(Protos.mount(mount)));
        if (request.options() != null) {
            message.setOptions(Protos.any(request.options()));
        }
        CreateTaskRequest built = message.build();
        Duration within = ctx.remaining(timeouts.call());
        try {
            shim.initIs(shim.client()
                    .callAnyVersion("Create", within, stub -> stub.create(built))
                    .getPid());
        } catch (WharfException e) {
            throw e.during("failed to create shim task");
        }
    }

    /** Last step: from here on the shim is looked after like any other. */
    private void enter(Shim shim) {
        shim.set(Shim.Phase.LIVE);
        tasks.show(shim);
        deadShims.watch(shim);
    }
}
