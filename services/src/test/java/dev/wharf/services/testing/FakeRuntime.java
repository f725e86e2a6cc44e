package dev.wharf.services.testing;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.typeurl.TypedValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A runtime of {@link FakeTask}s. */
public final class FakeRuntime implements TaskRuntime {
    public final Map<String, FakeTask> tasks = new ConcurrentSkipListMap<>();
    public final List<CreateTask> created = new CopyOnWriteArrayList<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public volatile @Nullable RuntimeException createFails;

    @Override
    public Task create(Context ctx, CreateTask request) {
        created.add(request);
        RuntimeException failure = createFails;
        if (failure != null) {
            throw failure;
        }
        FakeTask task = new FakeTask(ctx.namespace(), request.containerId(), 100 + tasks.size());
        tasks.put(ctx.namespace() + "/" + request.containerId(), task);
        return task;
    }

    @Override
    public Task get(Context ctx, String id) {
        FakeTask task = tasks.get(ctx.namespace() + "/" + id);
        if (task == null) {
            throw ErrorKind.NOT_FOUND.of("no running task found: task " + id);
        }
        return task;
    }

    @Override
    public List<Task> list(Context ctx) {
        return tasks.values().stream()
                .filter(task -> task.namespace().equals(ctx.namespace()))
                .<Task>map(task -> task)
                .toList();
    }

    @Override
    public Exit delete(Context ctx, String id) {
        get(ctx, id);
        FakeTask task = tasks.remove(ctx.namespace() + "/" + id);
        return new Exit(task == null ? 0 : task.pid(), 137, FakeTask.EXITED);
    }

    @Override
    public RuntimeInfo info(Context ctx, String runtime, @Nullable TypedValue options) {
        asked.add(ctx.namespace() + " " + runtime + " " + options);
        return new RuntimeInfo(Optional.of(new TypedValue("containerd.types.RuntimeInfo", new byte[] {10, 1, 'r'})));
    }
}
