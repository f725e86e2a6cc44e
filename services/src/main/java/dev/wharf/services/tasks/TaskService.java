package dev.wharf.services.tasks;

import com.google.protobuf.Empty;
import dev.wharf.api.services.tasks.v1.CheckpointTaskRequest;
import dev.wharf.api.services.tasks.v1.CheckpointTaskResponse;
import dev.wharf.api.services.tasks.v1.CloseIORequest;
import dev.wharf.api.services.tasks.v1.CreateTaskRequest;
import dev.wharf.api.services.tasks.v1.CreateTaskResponse;
import dev.wharf.api.services.tasks.v1.DeleteProcessRequest;
import dev.wharf.api.services.tasks.v1.DeleteResponse;
import dev.wharf.api.services.tasks.v1.DeleteTaskRequest;
import dev.wharf.api.services.tasks.v1.ExecProcessRequest;
import dev.wharf.api.services.tasks.v1.GetRequest;
import dev.wharf.api.services.tasks.v1.GetResponse;
import dev.wharf.api.services.tasks.v1.KillRequest;
import dev.wharf.api.services.tasks.v1.ListPidsRequest;
import dev.wharf.api.services.tasks.v1.ListPidsResponse;
import dev.wharf.api.services.tasks.v1.ListTasksRequest;
import dev.wharf.api.services.tasks.v1.ListTasksResponse;
import dev.wharf.api.services.tasks.v1.MetricsRequest;
import dev.wharf.api.services.tasks.v1.MetricsResponse;
import dev.wharf.api.services.tasks.v1.PauseTaskRequest;
import dev.wharf.api.services.tasks.v1.ResizePtyRequest;
import dev.wharf.api.services.tasks.v1.ResumeTaskRequest;
import dev.wharf.api.services.tasks.v1.StartRequest;
import dev.wharf.api.services.tasks.v1.StartResponse;
import dev.wharf.api.services.tasks.v1.TasksGrpc;
import dev.wharf.api.services.tasks.v1.UpdateTaskRequest;
import dev.wharf.api.services.tasks.v1.WaitRequest;
import dev.wharf.api.services.tasks.v1.WaitResponse;
import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.TaskMessages;
import dev.wharf.wire.Times;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;

/** Runs containers: each method finds the task of a container that is known, and asks it. */
public final class TaskService extends TasksGrpc.TasksImplBase {
    private final ContainerStore containers;
    private final TaskRuntime runtime;
    private final TaskQuestions questions;
    private final TaskCreation creation;
    private final CheckpointImages checkpoints;

    /**
     * A service over a runtime.
     *
     * @param containers where a task's spec and runtime come from
     * @param content where checkpoints are kept
     * @param applier what unpacks them
     * @param runtime what runs tasks
     * @param clock what deadlines are told by
     */
    public TaskService(
            ContainerStore containers,
            ContentStore content,
            Applier applier,
            TaskRuntime runtime,
            InstantSource clock) {
        this.containers = containers;
        this.runtime = runtime;
        this.questions = new TaskQuestions(clock);
        this.checkpoints = new CheckpointImages(content, applier);
        this.creation = new TaskCreation(containers, runtime, checkpoints);
    }

    @Override
    public void create(CreateTaskRequest request, StreamObserver<CreateTaskResponse> response) {
        Calls.answer(response, () -> creation.create(Requests.context(), request));
    }

    @Override
    public void start(StartRequest request, StreamObserver<StartResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            int pid = task(ctx, request.getContainerId()).start(ctx, request.getExecId());
            if (request.getExecId().isEmpty()) {
                checkpoints.discard(ctx, request.getContainerId());
            }
            return StartResponse.newBuilder().setPid(pid).build();
        });
    }

    @Override
    public void delete(DeleteTaskRequest request, StreamObserver<DeleteResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId());
            Exit exit = runtime.delete(ctx, request.getContainerId());
            checkpoints.discard(ctx, request.getContainerId());
            return TaskMessages.toProto("", exit);
        });
    }

    @Override
    public void deleteProcess(DeleteProcessRequest request, StreamObserver<DeleteResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            Exit exit = task(ctx, request.getContainerId()).deleteProcess(ctx, request.getExecId());
            return TaskMessages.toProto(request.getExecId(), exit);
        });
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            Task task = task(ctx, request.getContainerId());
            return GetResponse.newBuilder()
                    .setProcess(questions.state(ctx, task, request.getExecId()))
                    .build();
        });
    }

    /** The filter is ignored, as containerd does. */
    @Override
    public void list(ListTasksRequest request, StreamObserver<ListTasksResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            return ListTasksResponse.newBuilder()
                    .addAllTasks(questions.states(ctx, runtime.list(ctx)))
                    .build();
        });
    }

    @Override
    public void kill(KillRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId()).kill(ctx, request.getExecId(), request.getSignal(), request.getAll());
        });
    }

    @Override
    public void exec(ExecProcessRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            if (request.getExecId().isEmpty()) {
                throw new WharfException(ErrorKind.INVALID_ARGUMENT, "exec id cannot be empty");
            }
            task(ctx, request.getContainerId())
                    .exec(ctx, request.getExecId(), AnyMessages.fromProto(request.getSpec()), TaskMessages.io(request));
        });
    }

    @Override
    public void resizePty(ResizePtyRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId())
                    .resizePty(ctx, request.getExecId(), request.getWidth(), request.getHeight());
        });
    }

    @Override
    public void closeIO(CloseIORequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            Task task = task(ctx, request.getContainerId());
            if (request.getStdin()) {
                task.closeStdin(ctx, request.getExecId());
            }
        });
    }

    @Override
    public void pause(PauseTaskRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId()).pause(ctx);
        });
    }

    @Override
    public void resume(ResumeTaskRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId()).resume(ctx);
        });
    }

    @Override
    public void listPids(ListPidsRequest request, StreamObserver<ListPidsResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            return ListPidsResponse.newBuilder()
                    .addAllProcesses(task(ctx, request.getContainerId()).pids(ctx).stream()
                            .map(TaskMessages::toProto)
                            .toList())
                    .build();
        });
    }

    @Override
    public void checkpoint(CheckpointTaskRequest request, StreamObserver<CheckpointTaskResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            Container container = containers.get(ctx, request.getContainerId());
            List<Descriptor> written = checkpoints.write(
                    ctx,
                    container,
                    taskOf(ctx, container),
                    AnyMessages.fromProto(request.hasOptions(), request.getOptions()));
            return CheckpointTaskResponse.newBuilder()
                    .addAllDescriptors(
                            written.stream().map(DescriptorMessages::toProto).toList())
                    .build();
        });
    }

    @Override
    public void update(UpdateTaskRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Context ctx = Requests.context();
            task(ctx, request.getContainerId())
                    .update(ctx, AnyMessages.fromProto(request.getResources()), request.getAnnotationsMap());
        });
    }

    @Override
    public void metrics(MetricsRequest request, StreamObserver<MetricsResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            Filter filter = Filter.parse(request.getFiltersList());
            List<Task> asked = runtime.list(ctx).stream()
                    .filter(task -> filter.matches(TaskQuestions.fields(task)))
                    .toList();
            return MetricsResponse.newBuilder()
                    .addAllMetrics(questions.metrics(ctx, asked))
                    .build();
        });
    }

    /** Ends when the process does; a client that goes cancels the call to the runtime through the call's context. */
    @Override
    public void wait(WaitRequest request, StreamObserver<WaitResponse> response) {
        Calls.answer(response, () -> {
            Context ctx = Requests.context();
            Exit exit = task(ctx, request.getContainerId()).await(ctx, request.getExecId());
            return WaitResponse.newBuilder()
                    .setExitStatus(exit.status())
                    .setExitedAt(Times.toProtoOrZero(exit.at()))
                    .build();
        });
    }

    private Task task(Context ctx, String id) {
        return taskOf(ctx, containers.get(ctx, id));
    }

    private Task taskOf(Context ctx, Container container) {
        try {
            return runtime.get(ctx, container.id());
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                throw new WharfException(ErrorKind.NOT_FOUND, "task " + container.id() + " not found", e);
            }
            throw e;
        }
    }
}
