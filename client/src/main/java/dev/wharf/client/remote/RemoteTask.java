package dev.wharf.client.remote;

import dev.wharf.api.services.tasks.v1.CheckpointTaskRequest;
import dev.wharf.api.services.tasks.v1.CloseIORequest;
import dev.wharf.api.services.tasks.v1.DeleteProcessRequest;
import dev.wharf.api.services.tasks.v1.GetRequest;
import dev.wharf.api.services.tasks.v1.KillRequest;
import dev.wharf.api.services.tasks.v1.ListPidsRequest;
import dev.wharf.api.services.tasks.v1.MetricsRequest;
import dev.wharf.api.services.tasks.v1.PauseTaskRequest;
import dev.wharf.api.services.tasks.v1.ResizePtyRequest;
import dev.wharf.api.services.tasks.v1.ResumeTaskRequest;
import dev.wharf.api.services.tasks.v1.StartRequest;
import dev.wharf.api.services.tasks.v1.TasksGrpc.TasksBlockingStub;
import dev.wharf.api.services.tasks.v1.UpdateTaskRequest;
import dev.wharf.api.services.tasks.v1.WaitRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.TaskMessages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One task of a daemon. */
final class RemoteTask implements Task {
    /** How long a call may take that starts or ends processes: a shim has 100 seconds to be reached. */
    static final Duration STARTING = Duration.ofMinutes(3);

    private final TasksBlockingStub stub;
    private final String id;
    private final String namespace;
    private final int pid;

    RemoteTask(TasksBlockingStub stub, String id, String namespace, int pid) {
        this.stub = stub;
        this.id = id;
        this.namespace = namespace;
        this.pid = pid;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public ProcessState state(Context ctx, String execId) {
        var request =
                GetRequest.newBuilder().setContainerId(id).setExecId(execId).build();
        return Calls.call(
                () -> TaskMessages.fromProto(id, execId, in(ctx).get(request).getProcess()));
    }

    @Override
    public int start(Context ctx, String execId) {
        var request =
                StartRequest.newBuilder().setContainerId(id).setExecId(execId).build();
        return Calls.call(() -> in(ctx).start(request)).getPid();
    }

    @Override
    public void exec(Context ctx, String execId, TypedValue process, TaskIo io) {
        Calls.run(() -> in(ctx).exec(TaskMessages.toProto(id, execId, process, io)));
    }

    @Override
    public Exit deleteProcess(Context ctx, String execId) {
        var request = DeleteProcessRequest.newBuilder()
                .setContainerId(id)
                .setExecId(execId)
                .build();
        return Calls.call(() -> TaskMessages.fromProto(in(ctx).deleteProcess(request)));
    }

    @Override
    public void kill(Context ctx, String execId, int signal, boolean all) {
        var request = KillRequest.newBuilder()
                .setContainerId(id)
                .setExecId(execId)
                .setSignal(signal)
                .setAll(all)
                .build();
        Calls.run(() -> in(ctx).kill(request));
    }

    @Override
    public Exit await(Context ctx, String execId) {
        var request =
                WaitRequest.newBuilder().setContainerId(id).setExecId(execId).build();
        return Calls.call(() -> TaskMessages.fromProto(
                execId.isEmpty() ? pid : 0, Calls.unlimited(stub, ctx).wait(request)));
    }

    @Override
    public void resizePty(Context ctx, String execId, int width, int height) {
        var request = ResizePtyRequest.newBuilder()
                .setContainerId(id)
                .setExecId(execId)
                .setWidth(width)
                .setHeight(height)
                .build();
        Calls.run(() -> in(ctx).resizePty(request));
    }

    @Override
    public void closeStdin(Context ctx, String execId) {
        var request = CloseIORequest.newBuilder()
                .setContainerId(id)
                .setExecId(execId)
                .setStdin(true)
                .build();
        Calls.run(() -> in(ctx).closeIO(request));
    }

    @Override
    public void pause(Context ctx) {
        var request = PauseTaskRequest.newBuilder().setContainerId(id).build();
        Calls.run(() -> in(ctx).pause(request));
    }

    @Override
    public void resume(Context ctx) {
        var request = ResumeTaskRequest.newBuilder().setContainerId(id).build();
        Calls.run(() -> in(ctx).resume(request));
    }

    @Override
    public List<ProcessInfo> pids(Context ctx) {
        var request = ListPidsRequest.newBuilder().setContainerId(id).build();
        return Calls.call(() -> in(ctx).listPids(request)).getProcessesList().stream()
                .map(TaskMessages::fromProto)
                .toList();
    }

    /** The daemon chooses where: {@code directory} must be empty unless the options name it. */
    @Override
    public void checkpoint(Context ctx, String directory, @Nullable TypedValue options) {
        if (!directory.isEmpty()) {
            throw ErrorKind.NOT_IMPLEMENTED.of("checkpoint task " + id + " to a directory of the client's choice");
        }
        var request = CheckpointTaskRequest.newBuilder().setContainerId(id);
        if (options != null) {
            request.setOptions(AnyMessages.toProto(options));
        }
        Calls.run(() -> Calls.with(stub, ctx, Calls.LONG).checkpoint(request.build()));
    }

    @Override
    public void update(Context ctx, TypedValue resources, Map<String, String> annotations) {
        var request = UpdateTaskRequest.newBuilder()
                .setContainerId(id)
                .setResources(AnyMessages.toProto(resources))
                .putAllAnnotations(annotations)
                .build();
        Calls.run(() -> in(ctx).update(request));
    }

    @Override
    public TypedValue stats(Context ctx) {
        var request = MetricsRequest.newBuilder().addFilters("id==" + id).build();
        return Calls.call(() -> in(ctx).metrics(request)).getMetricsList().stream()
                .filter(metric -> metric.getId().equals(id))
                .findFirst()
                .map(metric -> AnyMessages.fromProto(metric.getData()))
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("metrics of task " + id));
    }

    private TasksBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, STARTING);
    }
}
