package dev.wharf.cmd.shimwasi.task;

import com.google.protobuf.Any;
import dev.wharf.api.events.TaskCreate;
import dev.wharf.api.events.TaskDelete;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.events.TaskIO;
import dev.wharf.api.events.TaskStart;
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
import dev.wharf.api.types.task.ProcessInfo;
import dev.wharf.api.types.task.Status;
import dev.wharf.cmd.shimwasi.module.MemoryBudget;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TaskService;
import dev.wharf.shim.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The task service over modules. */
final class WasiTasks implements TaskService {
    private static final Duration STREAMS = Duration.ofSeconds(10);

    /** Signals that do not end a process that does not handle them. */
    private static final Set<Integer> HARMLESS = Set.of(
            0, Signal.SIGCHLD.number(), Signal.SIGCONT.number(), Signal.SIGURG.number(), Signal.SIGWINCH.number());

    private final ShimContext context;
    private final Records records;
    private final ContainerMaking making;
    private final Map<Key, Task> tasks = new ConcurrentHashMap<>();

    WasiTasks(ShimContext context, MemoryBudget budget) {
        this.context = context;
        records = new Records(context.stateDirectory());
        making = new ContainerMaking(context, budget);
        records.read().forEach(this::takeBack);
    }

    /** A module that ran in an earlier process died with it. */
    private void takeBack(Key key, Records.Past past) {
        Exit exit = past.exit()
                .orElseGet(() ->
                        new Exit(128 + Signal.SIGKILL.number(), context.clock().instant()));
        tasks.put(key, new Task.Past(past.bundle(), exit));
        if (!past.told()) {
            exited(key, tasks.get(key), exit);
        }
    }

    private void exited(Key key, Task task, Exit exit) {
        records.exited(key, task.bundle(), exit, false);
        TaskExit event = TaskExit.newBuilder()
                .setContainerId(key.id())
                .setId(key.id())
                .setPid(task.pid())
                .setExitStatus(exit.status())
                .setExitedAt(exit.time())
                .build();
        context.publish(new ShimEvent(key.namespace(), key.id(), Topics.EXIT, event), () -> told(key, task, exit));
    }

    private void told(Key key, Task task, Exit exit) {
        if (tasks.get(key) == task) {
            records.exited(key, task.bundle(), exit, true);
        }
    }

    private void publish(Key key, String topic, com.google.protobuf.Message message) {
        context.publish(new ShimEvent(key.namespace(), key.id(), topic, message));
    }

    private Task task(Call call, String id, String execId) {
        Task task = tasks.get(Key.of(call, id));
        if (task == null) {
            throw ShimException.notFound("container " + id);
        }
        if (!execId.isEmpty()) {
            throw ShimException.notFound("process " + execId + " of container " + id);
        }
        return task;
    }

    private Task.Present present(Call call, String id) {
        return switch (task(call, id, "")) {
            case Task.Present present -> present;
            case Task.Past past -> throw ShimException.failedPrecondition("container " + id + " has exited");
        };
    }

    @Override
    public CreateTaskResponse create(Call call, CreateTaskRequest request) {
        Key key = Key.of(call, request.getId());
        Task.Present task = new Task.Present(request);
        if (tasks.putIfAbsent(key, task) != null) {
            throw ShimException.alreadyExists("container " + key.id());
        }
        try {
            records.created(key, task.bundle());
            making.make(key, task, exit -> exited(key, task, exit));
        } catch (RuntimeException e) {
            tasks.remove(key);
            records.remove(key);
            throw e;
        }
        publish(key, Topics.CREATE, created(key, task));
        return CreateTaskResponse.newBuilder().setPid(task.pid()).build();
    }

    private static TaskCreate created(Key key, Task.Present task) {
        CreateTaskRequest request = task.request();
        return TaskCreate.newBuilder()
                .setContainerId(key.id())
                .setBundle(request.getBundle())
                .addAllRootfs(request.getRootfsList())
                .setIo(TaskIO.newBuilder()
                        .setStdin(request.getStdin())
                        .setStdout(request.getStdout())
                        .setStderr(request.getStderr()))
                .setPid(task.pid())
                .build();
    }

    @Override
    public StartResponse start(Call call, StartRequest request) {
        refuseExec(request.getExecId());
        Key key = Key.of(call, request.getId());
        Task.Present task = present(call, request.getId());
        task.container().claimStart(key.id());
        publish(
                key,
                Topics.START,
                TaskStart.newBuilder()
                        .setContainerId(key.id())
                        .setPid(task.pid())
                        .build());
        task.container().start();
        return StartResponse.newBuilder().setPid(task.pid()).build();
    }

    @Override
    public StateResponse state(Call call, StateRequest request) {
        Task task = task(call, request.getId(), request.getExecId());
        StateResponse.Builder state = StateResponse.newBuilder()
                .setId(request.getId())
                .setBundle(task.bundle().toString())
                .setPid(task.pid());
        task.exit()
                .ifPresentOrElse(
                        exit -> state.setStatus(Status.STOPPED)
                                .setExitStatus(exit.status())
                                .setExitedAt(exit.time()),
                        () -> state.setStatus(task.isStarted() ? Status.RUNNING : Status.CREATED));
        if (task instanceof Task.Present present) {
            state.setStdin(present.request().getStdin())
                    .setStdout(present.request().getStdout())
                    .setStderr(present.request().getStderr());
        }
        return state.build();
    }

    @Override
    public DeleteResponse delete(Call call, DeleteRequest request) {
        Key key = Key.of(call, request.getId());
        Task task = task(call, request.getId(), request.getExecId());
        Exit exit = task.isStarted() ? ended(key, task) : dismissed(task);
        if (!tasks.remove(key, task)) {
            throw ShimException.notFound("container " + key.id());
        }
        records.remove(key);
        TaskDelete event = TaskDelete.newBuilder()
                .setContainerId(key.id())
                .setPid(task.pid())
                .setExitStatus(exit.status())
                .setExitedAt(exit.time())
                .build();
        publish(key, Topics.DELETE, event);
        return DeleteResponse.newBuilder()
                .setPid(task.pid())
                .setExitStatus(exit.status())
                .setExitedAt(exit.time())
                .build();
    }

    private static Exit ended(Key key, Task task) {
        Exit exit = task.exit()
                .orElseThrow(() -> ShimException.failedPrecondition(
                        "container " + key.id() + " runs: it has to be killed before it is deleted"));
        if (task instanceof Task.Present present) {
            uninterrupted(() -> {
                present.container().awaitClosed(STREAMS);
                return exit;
            });
        }
        return exit;
    }

    /** One that was never started needs no kill. */
    private static Exit dismissed(Task task) {
        return switch (task) {
            case Task.Past past -> past.end();
            case Task.Present present ->
                uninterrupted(() -> {
                    present.container().kill(Signal.SIGKILL.number());
                    return present.container().awaitExit();
                });
        };
    }

    /** Something that can be interrupted. */
    private interface Waiting {
        Exit run() throws InterruptedException;
    }

    private static Exit uninterrupted(Waiting waiting) {
        try {
            return waiting.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShimException(ShimException.Code.UNAVAILABLE, "the shim is ending", e);
        }
    }

    @Override
    public void kill(Call call, KillRequest request) {
        Task task = task(call, request.getId(), request.getExecId());
        if (task.exit().isPresent()) {
            throw ShimException.notFound("process of container " + request.getId() + ", which has exited");
        }
        int number = request.getSignal();
        if (number == Signal.SIGSTOP.number() || number == Signal.SIGTSTP.number()) {
            throw ShimException.unimplemented("a WASI module cannot be stopped and continued");
        }
        if (!HARMLESS.contains(number)) {
            present(call, request.getId()).container().kill(number);
        }
    }

    @Override
    public WaitResponse wait(Call call, WaitRequest request) throws InterruptedException {
        Exit exit = switch (task(call, request.getId(), request.getExecId())) {
            case Task.Past past -> past.end();
            case Task.Present present -> present.container().awaitExit();
        };
        return WaitResponse.newBuilder()
                .setExitStatus(exit.status())
                .setExitedAt(exit.time())
                .build();
    }

    @Override
    public PidsResponse pids(Call call, PidsRequest request) {
        Task task = task(call, request.getId(), "");
        PidsResponse.Builder pids = PidsResponse.newBuilder();
        if (task.exit().isEmpty()) {
            pids.addProcesses(ProcessInfo.newBuilder().setPid(task.pid()));
        }
        return pids.build();
    }

    @Override
    public StatsResponse stats(Call call, StatsRequest request) {
        Any figures = ModuleStats.of(present(call, request.getId()).container());
        return StatsResponse.newBuilder().setStats(figures).build();
    }

    @Override
    public Stream<String> namespacesOf(String id) {
        return tasks.keySet().stream().filter(key -> key.id().equals(id)).map(Key::namespace);
    }

    @Override
    public ConnectResponse connect(Call call, ConnectRequest request) {
        Task task = tasks.get(Key.of(call, request.getId()));
        return ConnectResponse.newBuilder()
                .setTaskPid(task == null ? 0 : task.pid())
                .build();
    }

    @Override
    public void closeIo(Call call, CloseIORequest request) {
        Task task = task(call, request.getId(), request.getExecId());
        if (request.getStdin() && task instanceof Task.Present present) {
            present.container().endInput();
        }
    }

    @Override
    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    private static void refuseExec(String execId) {
        if (!execId.isEmpty()) {
            throw noExec();
        }
    }

    private static ShimException noExec() {
        return ShimException.unimplemented(
                "exec is not possible in a WASI container: a module is the only program there; run another container");
    }

    @Override
    public void exec(Call call, ExecProcessRequest request) {
        task(call, request.getId(), "");
        throw noExec();
    }

    @Override
    public void pause(Call call, PauseRequest request) {
        throw ShimException.unimplemented("a WASI module cannot be paused");
    }

    @Override
    public void resume(Call call, ResumeRequest request) {
        throw ShimException.unimplemented("a WASI module cannot be paused, and so not resumed");
    }

    @Override
    public void checkpoint(Call call, CheckpointTaskRequest request) {
        throw ShimException.unimplemented("a WASI module cannot be checkpointed");
    }

    @Override
    public void resizePty(Call call, ResizePtyRequest request) {
        throw ShimException.failedPrecondition("container " + request.getId() + " has no terminal");
    }

    @Override
    public void update(Call call, UpdateTaskRequest request) {
        throw ShimException.unimplemented("limits of a WASI module cannot be changed while it runs");
    }
}
