package dev.wharf.shim.rpc;

import com.google.protobuf.Empty;
import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.ConnectResponse;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.api.runtime.task.v3.ResumeRequest;
import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.api.runtime.task.v3.UpdateTaskRequest;
import dev.wharf.lib.linux.Processes;
import dev.wharf.shim.Call;
import dev.wharf.shim.TaskService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The task service of both versions, over a runtime's tasks. */
public final class TaskMethods {
    private static final List<String> SERVICES = List.of("containerd.task.v3.Task", "containerd.task.v2.Task");

    /** No namespace has this name. Who names none may ask which process serves, and ask it to end, as other shims. */
    private static final String NO_NAMESPACE = "-";

    private final TaskService tasks;
    private final Consumer<ShutdownRequest> shutdown;
    private final Busy busy;
    private final Namespaces namespaces;

    private TaskMethods(TaskService tasks, Consumer<ShutdownRequest> shutdown, Busy busy, String namespace) {
        this.tasks = tasks;
        this.namespaces = new Namespaces(tasks::namespacesOf, namespace);
        this.shutdown = shutdown;
        this.busy = busy;
    }

    /**
     * The services to serve.
     *
     * @param shutdown what a Shutdown does; returns at once
     * @param busy counts the calls that change something
     * @param namespace of callers that name none; empty where they are refused
     */
    public static List<ServerServiceDefinition> of(
            TaskService tasks, Consumer<ShutdownRequest> shutdown, Busy busy, String namespace) {
        TaskMethods methods = new TaskMethods(tasks, shutdown, busy, namespace);
        return SERVICES.stream().map(methods::service).toList();
    }

    private ServerServiceDefinition service(String name) {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(name);
        changes(service, name);
        add(service, name, TaskGrpc.getStateMethod(), StateRequest::getId, tasks::state);
        add(service, name, TaskGrpc.getPidsMethod(), PidsRequest::getId, tasks::pids);
        add(service, name, TaskGrpc.getStatsMethod(), StatsRequest::getId, tasks::stats);
        service.addMethod(
                named(name, TaskGrpc.getConnectMethod()),
                new UnaryHandler<>(this::connect, false, request -> orNone(namespaces.of(request.getId()))));
        service.addMethod(
                named(name, TaskGrpc.getWaitMethod()),
                new UnaryHandler<>(tasks::wait, true, request -> namespaces.of(request.getId())));
        service.addMethod(
                named(name, TaskGrpc.getShutdownMethod()), new UnaryHandler<>(this::shutdown, false, _ -> orNone("")));
        return service.build();
    }

    private void changes(ServerServiceDefinition.Builder service, String name) {
        service.addMethod(
                named(name, TaskGrpc.getCreateMethod()),
                new UnaryHandler<>(busy.during(tasks::create), false, _ -> namespaces.only()));
        add(service, name, TaskGrpc.getStartMethod(), StartRequest::getId, busy.during(tasks::start));
        add(service, name, TaskGrpc.getDeleteMethod(), DeleteRequest::getId, busy.during(tasks::delete));
        act(service, name, TaskGrpc.getPauseMethod(), PauseRequest::getId, tasks::pause);
        act(service, name, TaskGrpc.getResumeMethod(), ResumeRequest::getId, tasks::resume);
        act(service, name, TaskGrpc.getCheckpointMethod(), CheckpointTaskRequest::getId, tasks::checkpoint);
        act(service, name, TaskGrpc.getKillMethod(), KillRequest::getId, tasks::kill);
        act(service, name, TaskGrpc.getExecMethod(), ExecProcessRequest::getId, tasks::exec);
        act(service, name, TaskGrpc.getResizePtyMethod(), ResizePtyRequest::getId, tasks::resizePty);
        act(service, name, TaskGrpc.getCloseIOMethod(), CloseIORequest::getId, tasks::closeIo);
        act(service, name, TaskGrpc.getUpdateMethod(), UpdateTaskRequest::getId, tasks::update);
    }

    private String orNone(String found) {
        return found.isEmpty() ? NO_NAMESPACE : found;
    }

    private Empty shutdown(Call call, ShutdownRequest request) {
        shutdown.accept(request);
        return Empty.getDefaultInstance();
    }

    private ConnectResponse connect(Call call, ConnectRequest request) {
        return tasks.connect(call, request).toBuilder()
                .setShimPid(Processes.pid())
                .build();
    }

    private <Q> void act(
            ServerServiceDefinition.Builder service,
            String name,
            MethodDescriptor<Q, Empty> descriptor,
            Function<Q, String> id,
            Method.Action<Q> action) {
        add(service, name, descriptor, id, (call, request) -> {
            action.call(call, request);
            return Empty.getDefaultInstance();
        });
    }

    private <Q, A> void add(
            ServerServiceDefinition.Builder service,
            String name,
            MethodDescriptor<Q, A> descriptor,
            Function<Q, String> id,
            Method<Q, A> method) {
        service.addMethod(
                named(name, descriptor),
                new UnaryHandler<>(method, false, request -> namespaces.of(id.apply(request))));
    }

    /** The method of version 3 under a service's name: the names are all that differs. */
    private static <Q, A> MethodDescriptor<Q, A> named(String service, MethodDescriptor<Q, A> method) {
        return method.toBuilder()
                .setFullMethodName(service + "/" + method.getBareMethodName())
                .build();
    }
}
