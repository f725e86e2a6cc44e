package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.runtime.Exit;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a stopped task: container, shim, bundle. */
final class DeleteShimTask {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteShimTask.class);
    private static final Duration TELLING = Duration.ofMillis(500);

    private final RunningTasks tasks;
    private final HeldShims held;
    private final DeadShims deadShims;
    private final AbandonedShims abandoned;
    private final EventBus events;

    DeleteShimTask(RunningTasks tasks, HeldShims held, DeadShims deadShims, AbandonedShims abandoned, EventBus events) {
        this.tasks = tasks;
        this.held = held;
        this.deadShims = deadShims;
        this.abandoned = abandoned;
        this.events = events;
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
        try (EventBus.Subscription deletions = events.subscribe(List.of(filter(shim)))) {
            return delete(ctx, shim, deletions);
        }
    }

    private static String filter(Shim shim) {
        return "topic==\"/tasks/delete\",namespace==\"" + shim.namespace() + "\"";
    }

    private Exit delete(Context ctx, Shim shim, EventBus.Subscription deletions) {
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
        tasks.hide(shim);
        if (held.holds(shim.endpoint()) || !tasks.isShared(shim)) {
            awaitDeletionTold(shim, deletions);
        }
        remove(shim);
        return exit;
    }

    /**
     * Waits, for a moment only, until the shim has told of the deletion, and so of all that happened before: clients hear
     * of it before what they do next, and Go shims may end with their last events unsent when they are asked to end too
     * early.
     */
    private static void awaitDeletionTold(Shim shim, EventBus.Subscription deletions) {
        long until = System.nanoTime() + TELLING.toNanos();
        try {
            Envelope envelope;
            do {
                envelope = deletions.next(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            } while (envelope != null && !isDeletionOf(shim, envelope));
        } catch (WharfException e) {
            LOG.debug("not waiting for the last event of a shim id={}", shim.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDeletionOf(Shim shim, Envelope envelope) {
        return envelope.event() instanceof Event.TaskDeleted deleted
                && deleted.containerId().equals(shim.id())
                && deleted.id().isEmpty();
    }

    /**
     * The container is gone from the shim: ends the shim if it was its last, and removes the files. For what a shim that
     * stays makes of that, and for the files, nobody waits.
     */
    private void remove(Shim shim) {
        try {
            if (held.holds(shim.endpoint())) {
                Thread.ofVirtual().name("leave-shim-" + shim.id()).start(() -> leave(shim));
                shim.bundle().deleteSoon();
            } else {
                leave(shim);
                shim.bundle().delete();
            }
        } catch (WharfException e) {
            LOG.error("failed to delete shim namespace={} id={}", shim.namespace(), shim.id(), e);
        } finally {
            tasks.release(shim.namespace(), shim.id());
            shim.markGone();
        }
    }

    private void leave(Shim shim) {
        abandoned.shutdown(shim);
        shim.disconnect();
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
