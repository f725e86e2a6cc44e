package dev.wharf.client.run;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Task;

/** Passes on to a process of a task what its terminal says. A process that has ended hears nothing. */
final class TaskControl implements ProcessControl {
    private final Context ctx;
    private final Task task;
    private final String execId;

    TaskControl(Context ctx, Task task, String execId) {
        this.ctx = ctx;
        this.task = task;
        this.execId = execId;
    }

    @Override
    public void resize(int width, int height) {
        quietly(() -> task.resizePty(ctx, execId, width, height));
    }

    @Override
    public void closeInput() {
        quietly(() -> task.closeStdin(ctx, execId));
    }

    @Override
    public void signal(int number) {
        quietly(() -> task.kill(ctx, execId, number, false));
    }

    /** The process can end at any moment; runtimes have different words for that. */
    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.UNAUTHENTICATED || e.kind() == ErrorKind.INVALID_ARGUMENT) {
                throw e;
            }
        }
    }
}
