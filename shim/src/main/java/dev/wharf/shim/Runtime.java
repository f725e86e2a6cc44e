package dev.wharf.shim;

import com.google.protobuf.Any;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.types.RuntimeInfo;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A kind of container, as a shim serves it: the one thing a shim program gives to the framework. */
public interface Runtime {
    /** Name that clients select it by, such as {@code io.containerd.wharf.v1}. */
    String name();

    /**
     * What {@code -info} prints. The framework fills in the name and version that are missing.
     *
     * @param options of the runtime, as the caller gave them on standard input; null where there were none
     */
    RuntimeInfo info(@Nullable Any options);

    /**
     * Begins to serve: takes back what an earlier process of the group left, and answers calls from then on. The
     * daemon connects only after this has returned.
     *
     * @throws ShimException where this process cannot serve; its text reaches the daemon
     */
    TaskService serve(ShimContext context);

    /**
     * Ends and removes one container by its bundle alone, without a process that serves it: the action {@code delete}.
     * Used where no live shim knows the container. What is gone already is no error.
     *
     * @return pid 0 and status 137 where nothing better is known
     */
    DeleteResponse delete(DeleteCall call);

    /**
     * Gives back what is kept outside of this process for the containers of a group, if none of them is left. Called
     * after {@link #delete} while no process serves the group and none can begin to.
     *
     * @param directory the group's
     */
    default void giveBack(Path directory) {}
}
