package dev.wharf.cmd.shimwasi.task;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.cmd.shimwasi.module.MemoryBudget;
import dev.wharf.shim.DeleteCall;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.TaskService;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The runtime {@code io.containerd.wharfwasi.v1}. */
public final class WasiRuntime implements Runtime {
    private static final int KILLED = 137;

    @Override
    public String name() {
        return "io.containerd.wharfwasi.v1";
    }

    @Override
    public RuntimeInfo info(@Nullable Any options) {
        return RuntimeInfo.newBuilder()
                .putAnnotations("dev.wharf.wasi", "wasi_snapshot_preview1")
                .build();
    }

    @Override
    public TaskService serve(ShimContext context) {
        return new WasiTasks(context, MemoryBudget.ofHeap());
    }

    /** A module dies with the process that serves it, and takes its mounts along: nothing is left to remove. */
    @Override
    public DeleteResponse delete(DeleteCall call) {
        return DeleteResponse.newBuilder()
                .setExitStatus(KILLED)
                .setExitedAt(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()))
                .build();
    }
}
