package dev.wharf.client.remote;

import dev.wharf.api.services.tasks.v1.DeleteTaskRequest;
import dev.wharf.api.services.tasks.v1.GetRequest;
import dev.wharf.api.services.tasks.v1.ListTasksRequest;
import dev.wharf.api.services.tasks.v1.TasksGrpc;
import dev.wharf.api.services.tasks.v1.TasksGrpc.TasksBlockingStub;
import dev.wharf.api.types.task.Process;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.wire.TaskMessages;
import io.grpc.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of a daemon. */
public final class RemoteTaskRuntime implements TaskRuntime {
    private final TasksBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteTaskRuntime(Channel channel) {
        this.stub = TasksGrpc.newBlockingStub(channel);
    }

    /** Creates the task; runtime and spec are those of the container, whatever the request says. */
    @Override
    public Task create(Context ctx, CreateTask request) {
        var created = Calls.call(() -> in(ctx).create(TaskMessages.toProto(request)));
        return new RemoteTask(stub, request.containerId(), ctx.namespace(), created.getPid());
    }

    @Override
    public Task get(Context ctx, String id) {
        var request = GetRequest.newBuilder().setContainerId(id).build();
        Process process = Calls.call(() -> in(ctx).get(request)).getProcess();
        return new RemoteTask(stub, id, ctx.namespace(), process.getPid());
    }

    @Override
    public List<Task> list(Context ctx) {
        return states(ctx).stream()
                .<Task>map(state -> new RemoteTask(stub, state.containerId(), ctx.namespace(), state.pid()))
                .toList();
    }

    /** The init processes of all tasks of the namespace, in one call. */
    public List<ProcessState> states(Context ctx) {
        var request = ListTasksRequest.getDefaultInstance();
        return Calls.call(() -> in(ctx).list(request)).getTasksList().stream()
                .map(process -> TaskMessages.fromProto(process.getId(), "", process))
                .toList();
    }

    @Override
    public Exit delete(Context ctx, String id) {
        var request = DeleteTaskRequest.newBuilder().setContainerId(id).build();
        return Calls.call(() -> TaskMessages.fromProto(in(ctx).delete(request)));
    }

    @Override
    public RuntimeInfo info(Context ctx, String runtime, @Nullable TypedValue options) {
        throw ErrorKind.NOT_IMPLEMENTED.of("ask a daemon what runtime " + runtime + " is");
    }

    private TasksBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, RemoteTask.STARTING);
    }
}
