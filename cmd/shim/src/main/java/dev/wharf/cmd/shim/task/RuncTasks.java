package dev.wharf.cmd.shim.task;

import com.google.protobuf.Any;
import dev.wharf.api.runc.v1.CheckpointOptions;
import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.ConnectResponse;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.CreateTaskResponse;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.PidsResponse;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.api.runtime.task.v3.ResumeRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StartResponse;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.StateResponse;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.runtime.task.v3.StatsResponse;
import dev.wharf.api.runtime.task.v3.UpdateTaskRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.api.runtime.task.v3.WaitResponse;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.lib.linux.WindowSize;
import dev.wharf.shim.Call;
import dev.wharf.shim.SandboxService;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TaskService;
import dev.wharf.shim.TransferService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The task service over OCI engines. */
public final class RuncTasks implements TaskService {
    private final Platform platform;
    private final Map<ContainerKey, Container> containers = new ConcurrentHashMap<>();

    /** Keys of containers that are being made. */
    private final Set<ContainerKey> creating = ConcurrentHashMap.newKeySet();

    RuncTasks(Platform platform, List<Container> takenBack) {
        this.platform = platform;
        takenBack.forEach(container -> containers.put(container.key(), container));
    }

    @Override
    public CreateTaskResponse create(Call call, CreateTaskRequest request) {
        ContainerKey key = new ContainerKey(call.namespace(), request.getId());
        if (!creating.add(key)) {
            throw ShimException.alreadyExists("container " + key.id());
        }
        try (Orphans.Making ignored = platform.orphans().making()) {
            requireNew(key);
            Creation creation = new Creation(platform, key, request, call.remaining(Limits.ENGINE));
            if (containers.isEmpty() && creating.size() == 1) {
                creation.placeShim();
            }
            Container container = creation.run();
            containers.put(key, container);
            container.events().created(request, container.init().pid());
            if (container.init().pid() != 0) {
                container.watchMemory();
                container.ends().watchInit();
            }
            return CreateTaskResponse.newBuilder()
                    .setPid(container.init().pid())
                    .build();
        } catch (EngineException e) {
            throw failure("OCI runtime create failed", e);
        } finally {
            creating.remove(key);
        }
    }

    private void requireNew(ContainerKey key) {
        if (containers.containsKey(key)) {
            throw ShimException.alreadyExists("container " + key.id());
        }
    }

    @Override
    public StartResponse start(Call call, StartRequest request) {
        Container container = container(call, request.getId());
        TaskProcess process = container.process(request.getExecId());
        try (Orphans.Making ignored = platform.orphans().making()) {
            int pid = process == container.init()
                    ? new InitStart(container, call.remaining(Limits.ENGINE)).run()
                    : new ExecStart(container, process, call.remaining(Limits.ENGINE)).run();
            return StartResponse.newBuilder().setPid(pid).build();
        }
    }

    @Override
    public DeleteResponse delete(Call call, DeleteRequest request) {
        Container container = container(call, request.getId());
        TaskProcess process = container.process(request.getExecId());
        if (process == container.init()) {
            deleteInit(container);
        } else {
            deleteExec(container, process);
        }
        return DeleteResponse.newBuilder()
                .setPid(process.pid())
                .setExitStatus(process.status())
                .setExitedAt(TaskEvents.exitedAt(process.exit()))
                .build();
    }

    private void deleteInit(Container container) {
        container.life().require("delete", "process", ContainerState.CREATED, ContainerState.STOPPED);
        container.removal().complete();
        container.lasting().forget();
        if (containers.remove(container.key(), container)) {
            container.events().deleted(container.init().pid(), container.init().exit());
        }
    }

    private static void deleteExec(Container container, TaskProcess exec) {
        container.life().requireEnded(exec);
        Removal.drain(exec);
        exec.close();
        container.life().remove(exec);
        container.bundle().removeExec(exec.exec());
        container.lasting().unpark(exec);
        container.lasting().save();
    }

    @Override
    public void exec(Call call, ExecProcessRequest request) {
        new ExecAddition(container(call, request.getId()), request).run();
    }

    @Override
    public StateResponse state(Call call, StateRequest request) {
        Container container = container(call, request.getId());
        TaskProcess process = container.process(request.getExecId());
        Stdio stdio = process.stdio();
        return StateResponse.newBuilder()
                .setId(process.exec().isEmpty() ? container.key().id() : process.exec())
                .setBundle(container.bundle().directory().toString())
                .setPid(process.pid())
                .setStatus(container.life().status(process))
                .setStdin(stdio.stdin())
                .setStdout(stdio.stdout())
                .setStderr(stdio.stderr())
                .setTerminal(stdio.terminal())
                .setExitStatus(process.status())
                .setExitedAt(TaskEvents.exitedAt(process.exit()))
                .build();
    }

    @Override
    public void pause(Call call, PauseRequest request) {
        Container container = container(call, request.getId());
        container.life().require("pause", "container", ContainerState.RUNNING);
        try {
            container.life().pause(() -> container.engine().pause(call.remaining(Limits.ENGINE)));
        } catch (EngineException e) {
            throw failure("OCI runtime pause failed", e);
        }
        container.events().paused();
    }

    @Override
    public void resume(Call call, ResumeRequest request) {
        Container container = container(call, request.getId());
        container.life().require("resume", "container", ContainerState.PAUSED);
        try {
            container.engine().resume(call.remaining(Limits.ENGINE));
        } catch (EngineException e) {
            throw failure("OCI runtime resume failed", e);
        }
        container.life().markResumed();
        container.events().resumed();
    }

    @Override
    public void kill(Call call, KillRequest request) {
        Container container = container(call, request.getId());
        TaskProcess process = container.process(request.getExecId());
        if (process == container.init()) {
            new InitKill(container, call.remaining(Limits.ENGINE)).run(request.getSignal(), request.getAll());
        } else {
            process.signal(request.getSignal());
        }
    }

    @Override
    public PidsResponse pids(Call call, PidsRequest request) {
        Container container = container(call, request.getId());
        try {
            return new ContainerPids(container, call.remaining(Limits.ENGINE)).response();
        } catch (EngineException e) {
            throw failure("OCI runtime ps failed", e);
        }
    }

    @Override
    public void resizePty(Call call, ResizePtyRequest request) {
        TaskProcess process = container(call, request.getId()).process(request.getExecId());
        process.io().resize(new WindowSize(request.getHeight(), request.getWidth()));
    }

    @Override
    public void closeIo(Call call, CloseIORequest request) {
        Container container = container(call, request.getId());
        TaskProcess process = container.process(request.getExecId());
        process.io().closeStdin();
        container.lasting().unparkStdin(process);
    }

    @Override
    public void update(Call call, UpdateTaskRequest request) {
        Container container = container(call, request.getId());
        container
                .life()
                .require("update", "container", ContainerState.CREATED, ContainerState.RUNNING, ContainerState.PAUSED);
        try {
            container.engine().update(request.getResources().getValue().toByteArray(), call.remaining(Limits.ENGINE));
        } catch (EngineException e) {
            throw failure("OCI runtime update failed", e);
        }
    }

    @Override
    public void checkpoint(Call call, CheckpointTaskRequest request) {
        Container container = container(call, request.getId());
        container.life().require("checkpoint", "container", ContainerState.RUNNING, ContainerState.PAUSED);
        new Checkpointing(container).run(request.getPath(), checkpointOptions(request.getOptions()));
    }

    private static CheckpointOptions checkpointOptions(Any options) {
        try {
            return CheckpointOptions.parseFrom(options.getValue());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw ShimException.invalidArgument("checkpoint options cannot be read: " + e.getMessage());
        }
    }

    @Override
    public WaitResponse wait(Call call, WaitRequest request) throws InterruptedException {
        TaskProcess process = container(call, request.getId()).process(request.getExecId());
        process.await();
        return WaitResponse.newBuilder()
                .setExitStatus(process.status())
                .setExitedAt(TaskEvents.exitedAt(process.exit()))
                .build();
    }

    @Override
    public StatsResponse stats(Call call, StatsRequest request) {
        ControlGroup group = container(call, request.getId())
                .cgroup()
                .orElseThrow(() -> ShimException.notFound("cgroup does not exist"));
        return StatsResponse.newBuilder().setStats(group.stats()).build();
    }

    @Override
    public ConnectResponse connect(Call call, ConnectRequest request) {
        Container container = containers.get(new ContainerKey(call.namespace(), request.getId()));
        int pid = container == null ? 0 : container.init().pid();
        return ConnectResponse.newBuilder().setTaskPid(pid).build();
    }

    @Override
    public Stream<String> namespacesOf(String id) {
        return containers.keySet().stream().filter(key -> key.id().equals(id)).map(ContainerKey::namespace);
    }

    /** Gives up what this process serves by; the containers go on. */
    void close() {
        platform.store().closeIfEmpty();
    }

    @Override
    public boolean isEmpty() {
        return containers.isEmpty()
                && creating.isEmpty()
                && platform.sandboxes().isEmpty();
    }

    @Override
    public Optional<SandboxService> sandboxes() {
        return Optional.of(platform.sandboxes());
    }

    @Override
    public Optional<TransferService> transfers() {
        return Optional.of(new ContainerTransfers(this::containerOfTransfer));
    }

    private Container containerOfTransfer(Call call, String id) {
        Container container = containers.get(new ContainerKey(call.namespace(), id));
        if (container == null) {
            throw ShimException.notFound("container " + id);
        }
        return container;
    }

    private Container container(Call call, String id) {
        Container container = containers.get(new ContainerKey(call.namespace(), id));
        if (container == null) {
            throw ShimException.notFound("container not created");
        }
        return container;
    }

    private static ShimException failure(String what, EngineException e) {
        return new ShimException(ShimException.Code.UNKNOWN, what + ": " + e.getMessage(), e);
    }
}
