package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Exit;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a stopped task: container, shim, bundle. */
final class DeleteShimTask {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteShimTask.class);

    private final RunningTasks tasks;
    private final DeadShims deadShims;
    private final AbandonedShims abandoned;

    DeleteShimTask(RunningTasks tasks, DeadShims deadShims, AbandonedShims abandoned) {
        this.tasks = tasks;
        this.deadShims = deadShims;
        this.abandoned = abandoned;
    }

    Exit run(Context ctx, String id) {
        Shim shim = tasks.get(ctx.namespace(), id);
        shim.beginDeletion(ctx.remaining(shim.timeouts().call()));
        try {
            if (tasks.get(ctx.namespace(), id) != shim) {
                throw ErrorKind.NOT_FOUND.of("task " + id);
            }
            return delete(ctx, shim);
        } finally {
            shim.endDeletion();
        }
    }

    private Exit delete(Context ctx, Shim shim) {
        if (shim.phase() == Shim.Phase.STUCK) {
            return buried(ctx, shim);
        }
        DeleteRequest request = DeleteRequest.newBuilder().setId(shim.id()).build();
        Exit exit;
        try {
            exit = ShimTask.exit(shim.call(ctx, "Delete", stub -> stub.delete(request)));
        } catch (WharfException e) {
            return switch (e.kind()) {
                case NOT_FOUND -> forgotten(ctx, shim);
                case UNAVAILABLE -> afterLostConnection(ctx, shim, e);
                default -> throw new ShimTask(shim).ifRunning(e, "");
            };
        }
        if (!shim.advance(Shim.Phase.LIVE, Shim.Phase.RELEASED)) {
            return exitOf(ctx, shim);
        }
        shim.rememberExit(exit);
        remove(shim);
        return exit;
    }

    /** The container is gone from the shim: ends the shim if it was its last, and removes the files. */
    private void remove(Shim shim) {
        tasks.hide(shim);
        try {
            abandoned.shutdown(shim);
            shim.disconnect();
            shim.bundle().delete();
        } catch (WharfException e) {
            LOG.error("failed to delete shim namespace={} id={}", shim.namespace(), shim.id(), e);
        } finally {
            tasks.release(shim.namespace(), shim.id());
            shim.markGone();
        }
    }

    /** The shim lives and does not know the container: what may be left of it is cleaned up as after a dead shim. */
    private Exit forgotten(Context ctx, Shim shim) {
        LOG.warn("shim does not know its container, cleaning up namespace={} id={}", shim.namespace(), shim.id());
        abandoned.shutdown(shim);
        return buried(ctx, shim);
    }

    private Exit buried(Context ctx, Shim shim) {
        return deadShims.bury(shim).orElseGet(() -> exitOf(ctx, shim));
    }

    /** The shim died, or the connection alone: either it is back soon, or cleaned up after. */
    private Exit afterLostConnection(Context ctx, Shim shim, WharfException failure) {
        Duration patience =
                shim.timeouts().load().plus(shim.timeouts().cleanup().multipliedBy(3));
        long until = System.nanoTime() + ctx.remaining(patience).toNanos();
        while (System.nanoTime() < until) {
            if (shim.awaitGone(Duration.ofMillis(20))) {
                return shim.knownExit().orElseThrow(() -> failure);
            }
            if (shim.phase() == Shim.Phase.STUCK || !shim.client().isClosed()) {
                return delete(ctx, shim);
            }
        }
        throw failure;
    }

    /** Another thread cleans up: its result is this one's, too. */
    private Exit exitOf(Context ctx, Shim shim) {
        Duration patience = shim.timeouts().cleanup().multipliedBy(3);
        if (shim.awaitGone(ctx.remaining(patience))) {
            return shim.knownExit().orElseThrow(() -> ErrorKind.NOT_FOUND.of("task " + shim.id()));
        }
        throw ErrorKind.UNAVAILABLE.of("the shim of task " + shim.id() + " is dead and its process "
                + shim.init().pid() + " cannot be ended; end it and delete the task again");
    }
}
