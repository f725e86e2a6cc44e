package dev.wharf.cmd.shimwasi.task;

import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.cmd.shimwasi.module.MemoryBudget;
import dev.wharf.cmd.shimwasi.module.Share;
import dev.wharf.cmd.shimwasi.root.RootFiles;
import dev.wharf.cmd.shimwasi.spec.ContainerSpec;
import dev.wharf.cmd.shimwasi.stdio.ContainerStreams;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimException;
import java.util.function.Consumer;

/** Makes containers of what Create asks for. */
final class ContainerMaking {
    /** Most memory of a module whose configuration names no limit. */
    private static final long DEFAULT_MEMORY = 256L << 20;

    private final ShimContext context;
    private final MemoryBudget budget;

    ContainerMaking(ShimContext context, MemoryBudget budget) {
        this.context = context;
        this.budget = budget;
    }

    /** Makes a container up to the point where its module can run; a failure leaves nothing behind. */
    void make(Key key, Task.Present task, Consumer<Exit> whenExited) {
        CreateTaskRequest request = task.request();
        if (request.getTerminal()) {
            throw ShimException.unimplemented("WASI containers have no terminals: run it without one");
        }
        if (!request.getCheckpoint().isEmpty()) {
            throw ShimException.unimplemented("a WASI module cannot be restored from a checkpoint");
        }
        ContainerSpec spec = ContainerSpec.read(task.bundle());
        ContainerStreams streams = ContainerStreams.open(
                key.namespace(), key.id(), request.getStdin(), request.getStdout(), request.getStderr());
        RootFiles files = new RootFiles(spec, request.getRootfsList());
        WasiContainer container = new WasiContainer(
                new ModuleThread(spec, files, streams, key.id()),
                streams,
                new Share(budget, spec.memory() == 0 ? DEFAULT_MEMORY : spec.memory()),
                context.log(task.bundle()),
                context.clock(),
                whenExited);
        try {
            container.prepare();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShimException(ShimException.Code.UNAVAILABLE, "the shim is ending", e);
        }
        task.made(container);
    }
}
