package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the shims of an earlier daemon.
 *
 * <p>A shim that answers is used again. One that listens but does not answer in time is kept as it is: a machine that is
 * slow after a restart must not cost containers. One on whose socket nobody listens is cleaned up after, without events,
 * as its task was never seen by this daemon. One without container (the daemon died while creating it) is ended.
 */
final class RecoverShims {
    private static final Logger LOG = LoggerFactory.getLogger(RecoverShims.class);
    private static final int AT_ONCE = 32;

    private final RunningTasks tasks;
    private final Bundles bundles;
    private final ShimPaths paths;
    private final ShimLogs logs;
    private final DeadShims deadShims;
    private final ReviveShims revival;
    private final HeldShims held;
    private final AbandonedShims abandoned;
    private final KnownContainers known;
    private final ShimTimeouts timeouts;

    RecoverShims(
            RunningTasks tasks,
            Bundles bundles,
            ShimPaths paths,
            ShimLogs logs,
            DeadShims deadShims,
            ReviveShims revival,
            HeldShims held,
            AbandonedShims abandoned,
            KnownContainers known,
            ShimTimeouts timeouts) {
        this.tasks = tasks;
        this.bundles = bundles;
        this.paths = paths;
        this.logs = logs;
        this.deadShims = deadShims;
        this.revival = revival;
        this.held = held;
        this.abandoned = abandoned;
        this.known = known;
        this.timeouts = timeouts;
    }

    /** Loads all, several at once; each is to be seen as soon as it is loaded. */
    void run() {
        bundles.finishRemovals();
        Semaphore turns = new Semaphore(AT_ONCE);
        List<Thread> loading = new ArrayList<>();
        for (Bundle bundle : bundles.all()) {
            turns.acquireUninterruptibly();
            loading.add(Thread.ofVirtual().name("load-shim-" + bundle.id()).start(() -> {
                try {
                    load(bundle);
                } finally {
                    turns.release();
                }
            }));
        }
        try {
            for (Thread thread : loading) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("loading shims was interrupted", e);
        }
        bundles.removeOrphanedWork();
    }

    private void load(Bundle bundle) {
        try {
            if (bundle.isEmpty()) {
                bundle.delete();
                return;
            }
            tasks.reserve(bundle.namespace(), bundle.id());
            try {
                load(bundle, follow(bundle));
            } finally {
                tasks.release(bundle.namespace(), bundle.id());
            }
        } catch (RuntimeException e) {
            LOG.error("failed to load shim, its bundle is kept bundle={}", bundle.path(), e);
        }
    }

    private Runnable follow(Bundle bundle) {
        if (!Files.exists(bundle.log())) {
            return () -> {};
        }
        try {
            return logs.follow(bundle.namespace(), bundle.id(), bundle.log());
        } catch (ErrnoException e) {
            LOG.warn("log of a shim cannot be read bundle={}", bundle.path(), e);
            return () -> {};
        }
    }

    private void load(Bundle bundle, Runnable endLog) {
        Optional<Path> binary = binary(bundle);
        Optional<ShimEndpoint> endpoint = bundle.endpoint();
        if (endpoint.isEmpty()) {
            endLog.run();
            neverStarted(bundle);
            return;
        }
        TaskClient client;
        try {
            client = connect(bundle, binary, endpoint.get());
        } catch (WharfException e) {
            endLog.run();
            unreachable(bundle, binary, endpoint.get(), e);
            return;
        }
        Shim shim = new Shim(bundle, binary, endpoint.get(), client, timeouts, endLog);
        shim.initFromBundle();
        takeOver(shim);
    }

    /** Connects to the shim, or to the one that is started again as the containers outlived it. */
    private TaskClient connect(Bundle bundle, Optional<Path> binary, ShimEndpoint endpoint) {
        Optional<TaskClient> shared = held.client(endpoint, bundle.namespace(), bundle.id());
        if (shared.isPresent()) {
            return shared.get();
        }
        try {
            return TaskClient.connect(endpoint, bundle.namespace(), bundle.id(), timeouts.load());
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE || !DeadShims.isDead(endpoint)) {
                throw e;
            }
            return revival.revive(bundle, binary, endpoint, timeouts).orElseThrow(() -> e);
        }
    }

    /** The program as noted in the bundle, else that of the container's runtime. */
    private Optional<Path> binary(Bundle bundle) {
        return bundle.binary()
                .or(() -> known.runtimeOf(bundle.namespace(), bundle.id()))
                .flatMap(runtime -> {
                    try {
                        return Optional.of(paths.resolve(runtime));
                    } catch (WharfException e) {
                        LOG.warn("shim binary not found id={} runtime={}", bundle.id(), runtime, e);
                        return Optional.empty();
                    }
                });
    }

    /** The daemon died before the shim had said where it listens. */
    private void neverStarted(Bundle bundle) {
        if (bundle.init().isAlive()) {
            LOG.error("bundle names no shim but its container lives, it is kept bundle={}", bundle.path());
            return;
        }
        LOG.info("removing bundle without shim bundle={}", bundle.path());
        abandoned.endStart(bundle);
        bundle.delete();
    }

    private void unreachable(Bundle bundle, Optional<Path> binary, ShimEndpoint endpoint, WharfException why) {
        if (why.kind() != ErrorKind.UNAVAILABLE || !DeadShims.isDead(endpoint)) {
            LOG.error("shim cannot be connected to, its bundle is kept bundle={}", bundle.path(), why);
            return;
        }
        bury(bundle, binary, endpoint);
    }

    /** Cleans up after a dead shim nobody has seen yet. */
    private void bury(Bundle bundle, Optional<Path> binary, ShimEndpoint endpoint) {
        LOG.info("cleaning up after dead shim bundle={}", bundle.path());
        Shim shim = new Shim(
                bundle, binary, endpoint, TaskClient.none(bundle.namespace(), bundle.id()), timeouts, () -> {});
        shim.initFromBundle();
        shim.set(Shim.Phase.LIVE);
        if (deadShims.bury(shim).isEmpty()) {
            tasks.show(shim);
        }
    }

    private void takeOver(Shim shim) {
        if (saysNotFound(shim)) {
            // It may be making its container just now, for the daemon before this one.
            StrayProcesses.awaitEngines(shim.bundle().path(), timeouts.load());
        }
        ConnectRequest request = ConnectRequest.newBuilder().setId(shim.id()).build();
        try {
            shim.initIs(shim.client()
                    .callAnyVersion("Connect", timeouts.load(), stub -> stub.connect(request))
                    .getTaskPid());
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE) {
                shim.disconnect();
                bury(shim.bundle(), shim.binary(), shim.endpoint());
                return;
            }
            LOG.warn("shim does not answer, it is kept namespace={} id={}", shim.namespace(), shim.id(), e);
        }
        if (isLeaked(shim)) {
            endLeaked(shim);
            return;
        }
        shim.set(Shim.Phase.LIVE);
        held.hold(shim.binary(), shim.endpoint());
        tasks.show(shim);
        deadShims.watch(shim);
    }

    /** Whether the shim says for certain that it has no such container; a sandbox's shim has none of its own. */
    private boolean isLeaked(Shim shim) {
        return !known.isSandbox(shim.namespace(), shim.id())
                && saysNotFound(shim)
                && hasNoPids(shim)
                && !shim.init().isAlive();
    }

    private boolean saysNotFound(Shim shim) {
        StateRequest request = StateRequest.newBuilder().setId(shim.id()).build();
        try {
            shim.client().call("State", timeouts.load(), stub -> stub.state(request));
            return false;
        } catch (WharfException e) {
            return e.kind() == ErrorKind.NOT_FOUND;
        }
    }

    private boolean hasNoPids(Shim shim) {
        PidsRequest request = PidsRequest.newBuilder().setId(shim.id()).build();
        try {
            return shim.client()
                            .call("Pids", timeouts.load(), stub -> stub.pids(request))
                            .getProcessesCount()
                    == 0;
        } catch (WharfException e) {
            return e.kind() == ErrorKind.NOT_FOUND;
        }
    }

    private void endLeaked(Shim shim) {
        LOG.info("cleaning leaked shim process namespace={} id={}", shim.namespace(), shim.id());
        if (abandoned.end(shim)) {
            shim.bundle().delete();
        }
    }
}
