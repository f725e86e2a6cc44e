package dev.wharf.client.run;

import dev.wharf.client.WharfClient;
import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.context.Context.Deadline;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import java.time.Duration;
import java.time.InstantSource;

/** Removes a container with its task and its root. What is gone already is no failure. */
public final class RemoveContainer {
    private static final int SIGKILL = 9;
    private static final Duration DYING = Duration.ofSeconds(30);

    private final WharfClient client;

    /** Removes containers of a daemon. */
    public RemoveContainer(WharfClient client) {
        this.client = client;
    }

    /**
     * Removes a container; {@code NOT_FOUND}.
     *
     * @param force whether to kill what runs in it; {@code FAILED_PRECONDITION} otherwise if something does
     */
    public void run(Context ctx, String id, boolean force) {
        Container container = client.containers().get(ctx, id);
        if (force) {
            endTask(ctx, id);
        } else {
            ignoring(ErrorKind.NOT_FOUND, () -> deleteStopped(ctx, id));
        }
        if (!container.snapshotKey().isEmpty()) {
            ignoring(
                    ErrorKind.NOT_FOUND,
                    () -> client.snapshotter(container.snapshotter()).remove(ctx, container.snapshotKey()));
        }
        client.containers().delete(ctx, id);
    }

    private void deleteStopped(Context ctx, String id) {
        Status status = client.tasks().get(ctx, id).state(ctx, "").status();
        if (status != Status.STOPPED && status != Status.CREATED) {
            throw ErrorKind.FAILED_PRECONDITION.of(
                    "remove container " + id + ", which is " + (status == Status.PAUSED ? "paused" : "running"));
        }
        client.tasks().delete(ctx, id);
    }

    /** Kills the task of a container, if it has one, and deletes it. */
    void endTask(Context ctx, String id) {
        ignoring(ErrorKind.NOT_FOUND, () -> {
            Task task = client.tasks().get(ctx, id);
            Status status = task.state(ctx, "").status();
            if (status != Status.STOPPED) {
                kill(ctx, task, status);
            }
            client.tasks().delete(ctx, id);
        });
    }

    private static void kill(Context ctx, Task task, Status status) {
        if (status == Status.CREATED) {
            // Nobody has started it: daemons delete it as it is, and wait for it would not end with all of them.
            ignoring(ErrorKind.NOT_FOUND, () -> task.kill(ctx, "", SIGKILL, false));
        } else {
            ignoring(ErrorKind.NOT_FOUND, () -> task.kill(ctx, "", SIGKILL, true));
        }
        task.await(ctx.withDeadline(Deadline.after(DYING, InstantSource.system())), "");
    }

    private static void ignoring(ErrorKind kind, Runnable step) {
        try {
            step.run();
        } catch (WharfException e) {
            if (e.kind() != kind) {
                throw e;
            }
        }
    }
}
