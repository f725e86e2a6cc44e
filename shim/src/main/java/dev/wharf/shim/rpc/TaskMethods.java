package dev.wharf.shim.rpc;

import com.google.protobuf.Empty;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.ConnectResponse;
import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.lib.linux.Processes;
import dev.wharf.shim.Call;
import dev.wharf.shim.TaskService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.function.Consumer;

/** The task service of both versions, over a runtime's tasks. */
public final class TaskMethods {
    private static final List<String> SERVICES = List.of("containerd.task.v3.Task", "containerd.task.v2.Task");

    /** No namespace has this name. Who names none in Connect learns which process serves, as from other shims. */
    private static final String NO_NAMESPACE = "-";

    private final TaskService tasks;
    private final Consumer<ShutdownRequest> shutdown;
    private final Busy busy;
    private final String namespace;

    private TaskMethods(TaskService tasks, Consumer<ShutdownRequest> shutdown, Busy busy, String namespace) {
        this.tasks = tasks;
        this.namespace = namespace;
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
        add(service, name, TaskGrpc.getStateMethod(), tasks::state);
        add(service, name, TaskGrpc.getPidsMethod(), tasks::pids);
        add(service, name, TaskGrpc.getStatsMethod(), tasks::stats);
        service.addMethod(
                named(name, TaskGrpc.getConnectMethod()),
                new UnaryHandler<>(this::connect, false, namespace.isEmpty() ? NO_NAMESPACE : namespace));
        service.addMethod(named(name, TaskGrpc.getWaitMethod()), new UnaryHandler<>(tasks::wait, true, namespace));
        act(service, name, TaskGrpc.getShutdownMethod(), (call, request) -> shutdown.accept(request));
        return service.build();
    }

    private void changes(ServerServiceDefinition.Builder service, String name) {
        add(service, name, TaskGrpc.getCreateMethod(), busy.during(tasks::create));
        add(service, name, TaskGrpc.getStartMethod(), busy.during(tasks::start));
        add(service, name, TaskGrpc.getDeleteMethod(), busy.during(tasks::delete));
        act(service, name, TaskGrpc.getPauseMethod(), tasks::pause);
        act(service, name, TaskGrpc.getResumeMethod(), tasks::resume);
        act(service, name, TaskGrpc.getCheckpointMethod(), tasks::checkpoint);
        act(service, name, TaskGrpc.getKillMethod(), tasks::kill);
        act(service, name, TaskGrpc.getExecMethod(), tasks::exec);
        act(service, name, TaskGrpc.getResizePtyMethod(), tasks::resizePty);
        act(service, name, TaskGrpc.getCloseIOMethod(), tasks::closeIo);
        act(service, name, TaskGrpc.getUpdateMethod(), tasks::update);
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
            Method.Action<Q> action) {
        add(service, name, descriptor, (call, request) -> {
            action.call(call, request);
            return Empty.getDefaultInstance();
        });
    }

    private <Q, A> void add(
            ServerServiceDefinition.Builder service,
            String name,
            MethodDescriptor<Q, A> descriptor,
            Method<Q, A> method) {
        service.addMethod(named(name, descriptor), new UnaryHandler<>(method, false, namespace));
    }

    /** The method of version 3 under a service's name: the names are all that differs. */
    private static <Q, A> MethodDescriptor<Q, A> named(String service, MethodDescriptor<Q, A> method) {
        return method.toBuilder()
                .setFullMethodName(service + "/" + method.getBareMethodName())
                .build();
    }
}
