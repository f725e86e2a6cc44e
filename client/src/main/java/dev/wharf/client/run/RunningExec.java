package dev.wharf.client.run;

import dev.wharf.core.context.Context;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Task;

/** An added process that was started, with its I/O. Closing it leaves the process as it is. */
public final class RunningExec implements AutoCloseable {
    private final Context ctx;
    private final Task task;
    private final String execId;
    private final ProcessIo io;

    RunningExec(Context ctx, Task task, String execId, ProcessIo io) {
        this.ctx = ctx;
        this.task = task;
        this.execId = execId;
        this.io = io;
    }

    /** Waits for its end and for all it wrote, and deletes it. */
    public Exit await() {
        Exit exit = task.await(ctx, execId);
        io.drain();
        task.deleteProcess(ctx, execId);
        return exit;
    }

    @Override
    public void close() {
        io.close();
    }
}
