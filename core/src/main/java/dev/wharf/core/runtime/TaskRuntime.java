package dev.wharf.core.runtime;

import dev.wharf.core.context.Context;
import dev.wharf.core.typeurl.TypedValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and finds tasks; containerd's plugin {@code io.containerd.runtime.v2.task}. */
public interface TaskRuntime {
    /** Creates a task; {@code ALREADY_EXISTS}, {@code NOT_FOUND} for the runtime's binary. */
    Task create(Context ctx, CreateTask request);

    /** The task of a container; {@code NOT_FOUND}. */
    Task get(Context ctx, String id);

    /** All tasks of the namespace. */
    List<Task> list(Context ctx);

    /** Deletes a stopped task with all that belongs to it and answers how it ended; {@code FAILED_PRECONDITION}. */
    Exit delete(Context ctx, String id);

    /** What a runtime says of itself; {@code NOT_FOUND} for its binary. */
    RuntimeInfo info(Context ctx, String runtime, @Nullable TypedValue options);

    /**
     * What a runtime says of itself.
     *
     * @param encoded the answer as its message
     */
    record RuntimeInfo(Optional<TypedValue> encoded) {}
}
