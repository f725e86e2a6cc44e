package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends shims that hold no task: of a failed create, of a deleted task, or left by a daemon that died in between. */
final class AbandonedShims {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedShims.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(5);

    private final RunningTasks tasks;
    private final HeldShims held;
    private final DeadShims deadShims;

    AbandonedShims(RunningTasks tasks, HeldShims held, DeadShims deadShims) {
        this.tasks = tasks;
        this.held = held;
        this.deadShims = deadShims;
    }

    /**
     * Takes the container out of the shim and ends the shim, by its binary if it does not answer; a shim that holds other
     * containers goes on. Tells whether the container is gone.
     */
    boolean end(Shim shim) {
        StrayProcesses.awaitEngines(shim.bundle().path(), PATIENCE);
        boolean deleted = deleteContainer(shim);
        boolean shared = goesOn(shim);
        shutdown(shim);
        shim.set(Shim.Phase.RELEASED);
        shim.disconnect();
        if (!shared) {
            endStart(shim.bundle());
        }
        boolean gone = deleted || deleteByBinary(shim);
        if (!deleted && gone) {
            EmptyCgroups.remove(shim.bundle());
        }
        if (!shared && gone) {
            DeadShims.removeDeadSocket(shim);
        }
        return gone;
    }

    /**
     * Whether the shim has deleted it. One that does not know it may have an engine at work that makes it just now: then
     * it is not deleted before that engine has ended.
     */
    private static boolean deleteContainer(Shim shim) {
        DeleteRequest request = DeleteRequest.newBuilder().setId(shim.id()).build();
        try {
            shim.client().callDetached("Delete", shim.timeouts().cleanup(), stub -> stub.delete(request));
            return true;
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                LOG.warn("container of an abandoned shim cannot be deleted id={}", shim.id(), e);
            }
            return false;
        }
    }

    private boolean deleteByBinary(Shim shim) {
        shim.initFromBundle();
        return deadShims.end(shim).isPresent();
    }

    private boolean goesOn(Shim shim) {
        return held.holds(shim.endpoint()) || tasks.isShared(shim);
    }

    /**
     * Asks the shim to end, which it does unless it holds other containers, and waits until it has; one of wharf's own
     * stays for a while.
     */
    void shutdown(Shim shim) {
        ShutdownRequest request = ShutdownRequest.newBuilder().setId(shim.id()).build();
        try {
            shim.client().callDetached("Shutdown", shim.timeouts().shutdown(), stub -> stub.shutdown(request));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                LOG.warn("failed to shut shim down, it might be leaked id={}", shim.id(), e);
            }
        }
        if (!goesOn(shim)) {
            awaitClosed(shim);
        }
    }

    private static void awaitClosed(Shim shim) {
        long until = System.nanoTime() + shim.timeouts().shutdown().toNanos();
        try {
            while (!shim.client().isClosed() && System.nanoTime() < until) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends processes that the start of a shim left in a bundle of a task that does not exist, and their socket. */
    void endStart(Bundle bundle) {
        StrayProcesses.end(bundle.path(), PATIENCE);
        try {
            bundle.endpoint().ifPresent(DeadShims::removeDeadSocket);
        } catch (WharfException e) {
            LOG.debug("no address to clean up id={}", bundle.id(), e);
        }
    }
}
