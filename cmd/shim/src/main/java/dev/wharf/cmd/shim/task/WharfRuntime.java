package dev.wharf.cmd.shim.task;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.cmd.shim.engine.EngineFeatures;
import dev.wharf.cmd.shim.engine.EngineKinds;
import dev.wharf.cmd.shim.engine.EngineOptions;
import dev.wharf.cmd.shim.engine.EngineRunner;
import dev.wharf.cmd.shim.hold.DescriptorStore;
import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.cmd.shim.sandbox.Sandboxes;
import dev.wharf.cmd.shim.stdio.Streams;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Prctl;
import dev.wharf.shim.DeleteCall;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.TaskService;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code io.containerd.wharf.v1}: containers by OCI engines, many in one process. */
public final class WharfRuntime implements Runtime {
    private static final Logger LOG = LoggerFactory.getLogger(WharfRuntime.class);

    /** Below the group's directory: links to the bundles of its containers. */
    private static final String BUNDLES = "bundles";

    @Override
    public String name() {
        return "io.containerd.wharf.v1";
    }

    @Override
    public RuntimeInfo info(@Nullable Any options) {
        RuntimeInfo.Builder info = RuntimeInfo.newBuilder().setName(name());
        Options read = RuntimeOptions.read(options == null ? Any.getDefaultInstance() : options);
        if (options != null) {
            info.setOptions(options);
        }
        try (EventLoop loop = new EventLoop()) {
            EngineRunner runner = new EngineRunner(new ProcessWatcher(loop, Clock.systemUTC()));
            EngineFeatures.read(runner, EngineOptions.of(read, "").binary())
                    .ifPresent(features -> info.setFeatures(Any.newBuilder()
                            .setTypeUrl(EngineFeatures.TYPE_URL)
                            .setValue(ByteString.copyFrom(features))));
        }
        return info.build();
    }

    @Override
    public TaskService serve(ShimContext context) {
        Prctl.setChildSubreaper(true);
        EventLoop loop = new EventLoop();
        ProcessWatcher watcher = new ProcessWatcher(loop, context.clock());
        EngineRunner runner = new EngineRunner(watcher);
        DescriptorStore.Opened opened = DescriptorStore.open(context.stateDirectory(), watcher);
        Platform platform = new Platform(
                context,
                loop,
                watcher,
                runner,
                new EngineKinds(runner),
                new Streams(new EventLoop(), watcher),
                opened.store(),
                new BundleIndex(context.stateDirectory().resolve(BUNDLES)),
                new Sandboxes(context, watcher),
                new Orphans(watcher));
        List<Container> containers = takeBack(platform, new HashMap<>(opened.descriptors()));
        platform.orphans().start();
        java.lang.Runtime.getRuntime().addShutdownHook(new Thread(opened.store()::closeIfEmpty));
        return new RuncTasks(platform, containers);
    }

    private static List<Container> takeBack(Platform platform, Map<String, Fd> parked) {
        List<Future<Optional<Container>>> taking = new ArrayList<>();
        for (BundleIndex.Entry entry : platform.bundles().entries()) {
            String prefix = entry.key().namespace() + "/" + entry.key().id() + "/";
            Map<String, Fd> own = DescriptorStore.take(parked, prefix);
            FutureTask<Optional<Container>> task = new FutureTask<>(() -> new TakeBack(platform, entry, own).run());
            Thread.ofVirtual().start(task);
            taking.add(task);
        }
        parked.values().forEach(Fd::close);
        return taking.stream()
                .map(WharfRuntime::taken)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Container> taken(Future<Optional<Container>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException e) {
            LOG.error("a container cannot be taken back", e.getCause());
            return Optional.empty();
        }
    }

    /** Only a living container keeps the keeper of descriptors. */
    @Override
    public void giveBack(Path directory) {
        boolean none = new BundleIndex(directory.resolve(BUNDLES))
                .entries().stream().allMatch(entry -> entry.bundle().readState().isEmpty());
        if (none) {
            DescriptorStore.endIn(directory);
        }
    }

    @Override
    public DeleteResponse delete(DeleteCall call) {
        try (EventLoop loop = new EventLoop()) {
            EngineRunner runner = new EngineRunner(new ProcessWatcher(loop, Clock.systemUTC()));
            return new Deletion(runner, new EngineKinds(runner), call).run();
        }
    }
}
