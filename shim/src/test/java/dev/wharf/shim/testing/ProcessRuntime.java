package dev.wharf.shim.testing;

import com.google.protobuf.Any;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Processes;
import dev.wharf.shim.DeleteCall;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.TaskService;
import dev.wharf.shim.command.ShimProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Containers without walls: a process each, of the words in the bundle's file {@code command}, one a line. */
public final class ProcessRuntime implements Runtime {
    /** Serves as the program of the launcher under test. */
    public static void main(String[] arguments) {
        ShimProgram.main(new ProcessRuntime(), arguments);
    }

    @Override
    public String name() {
        return "io.containerd.process.v1";
    }

    @Override
    public RuntimeInfo info(@Nullable Any options) {
        RuntimeInfo.Builder info = RuntimeInfo.newBuilder();
        if (options != null) {
            info.setOptions(options);
        }
        return info.build();
    }

    @Override
    public TaskService serve(ShimContext context) {
        return new ProcessTasks(context);
    }

    @Override
    public DeleteResponse delete(DeleteCall call) {
        Path pidFile = call.bundle().resolve("init.pid");
        try {
            if (Files.exists(pidFile)) {
                Processes.kill(Integer.parseInt(Files.readString(pidFile)), 9);
            }
        } catch (ErrnoException gone) {
            // Nothing is left to end.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DeleteResponse.newBuilder().setExitStatus(137).build();
    }
}
