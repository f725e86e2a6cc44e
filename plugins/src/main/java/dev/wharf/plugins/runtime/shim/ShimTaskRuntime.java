package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.context.Context;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.typeurl.TypedValue;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes and finds tasks by way of shims; containerd's {@code io.containerd.runtime.v2.task}. */
public final class ShimTaskRuntime implements TaskRuntime, AutoCloseable {
    private final ShimConfig config;
    private final RunningTasks tasks = new RunningTasks();
    private final Bundles bundles;
    private final ShimPaths paths;
    private final ShimLogs logs = new ShimLogs();
    private final Function<Path, ShimBinary> binaries;
    private final HeldShims held;
    private final CreateShimTask create;
    private final DeleteShimTask delete;
    private final RecoverShims recover;
    private final Supplier<Orphans> orphans;
    private final AtomicReference<@Nullable Orphans> inherited = new AtomicReference<>();

    /** A runtime that knows no task until {@link #recover} is called. */
    public ShimTaskRuntime(ShimConfig config, EventBus events, KnownContainers known, InstantSource clock) {
        this.config = config;
        bundles = new Bundles(config.stateDir(), config.rootDir());
        paths = ShimPaths.ofDaemon(config.daemonBinary(), System.getenv().getOrDefault("PATH", ""), config.runcShim());
        orphans = () -> Orphans.inherit(tasks, bundles, events);
        BootstrapForms forms = new BootstrapForms();
        binaries = path -> new ShimBinary(path, config, forms);
        ReviveShims revival = new ReviveShims(binaries);
        DeadShims deadShims = new DeadShims(tasks, events, binaries, revival, clock);
        ShimTimeouts timeouts = config.timeouts();
        held = new HeldShims(timeouts);
        AbandonedShims abandoned = new AbandonedShims(tasks, held, deadShims);
        create = new CreateShimTask(tasks, bundles, paths, binaries, held, logs, deadShims, abandoned, known, timeouts);
        delete = new DeleteShimTask(tasks, held, deadShims, abandoned, events);
        recover = new RecoverShims(tasks, bundles, paths, logs, deadShims, revival, held, abandoned, known, timeouts);
    }

    /**
     * Makes this process, as a whole, the one that inherits and reaps what dead shims leave, until this is closed; to be
     * called once. Only shims that are started after this leave anything to it.
     */
    public void inheritOrphans() {
        inherited.set(orphans.get());
    }

    /**
     * Makes the directories and takes over the shims of an earlier daemon; returns when all have been tried, which takes
     * a few times {@link ShimTimeouts#load} at most while shims hang. Tasks are to be seen as soon as their shim is
     * loaded.
     */
    public void recover() {
        bundles.prepare();
        recover.run();
    }

    @Override
    public Task create(Context ctx, CreateTask request) {
        return new ShimTask(create.run(ctx, request));
    }

    @Override
    public Task get(Context ctx, String id) {
        return new ShimTask(tasks.get(ctx.namespace(), id));
    }

    @Override
    public List<Task> list(Context ctx) {
        return tasks.of(ctx.namespace()).stream().<Task>map(ShimTask::new).toList();
    }

    @Override
    public Exit delete(Context ctx, String id) {
        return delete.run(ctx, id);
    }

    @Override
    public RuntimeInfo info(Context ctx, String runtime, @Nullable TypedValue options) {
        ShimBinary binary = binaries.apply(paths.resolve(runtime));
        return new RuntimeInfo(
                Optional.of(binary.info(options, ctx.remaining(config.timeouts().start()))));
    }

    /** Ends the connection to a shim as if the kernel had, for tests. */
    void loseConnection(String namespace, String id) {
        tasks.get(namespace, id).client().close();
    }

    /** Leaves all shims and their containers running and closes the connections to them. */
    @Override
    public void close() {
        for (Shim shim : tasks.all()) {
            shim.set(Shim.Phase.LEFT);
            shim.disconnect();
        }
        held.close();
        logs.close();
        Orphans left = inherited.getAndSet(null);
        if (left != null) {
            left.close();
        }
    }
}
