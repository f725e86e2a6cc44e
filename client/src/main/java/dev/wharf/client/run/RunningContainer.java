package dev.wharf.client.run;

import dev.wharf.client.WharfClient;
import dev.wharf.core.context.Context;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Task;

/** A container that was started, with the I/O of its first process. Closing it leaves the container as it is. */
public final class RunningContainer implements AutoCloseable {
    private final Context ctx;
    private final WharfClient client;
    private final Task task;
    private final ProcessIo io;

    RunningContainer(Context ctx, WharfClient client, Task task, ProcessIo io) {
        this.ctx = ctx;
        this.client = client;
        this.task = task;
        this.io = io;
    }

    /** The pid of its first process. */
    public int pid() {
        return task.pid();
    }

    /** Waits for the end of its first process and for all it wrote. */
    public Exit await() {
        Exit exit = task.await(ctx, "");
        io.drain();
        return exit;
    }

    /** Deletes the task, which must have ended, and the container and its root too if {@code all}. */
    public void finish(boolean all) {
        client.tasks().delete(ctx, task.id());
        if (all) {
            new RemoveContainer(client).run(ctx, task.id(), false);
        }
    }

    @Override
    public void close() {
        io.close();
    }
}
