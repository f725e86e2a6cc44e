package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.api.runtime.task.v3.ResumeRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.StateResponse;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.runtime.task.v3.UpdateTaskRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.api.runtime.task.v3.WaitResponse;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.names.Identifiers;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.CgroupMoves;
import dev.wharf.lib.linux.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A task as its shim answers for it: every method is one call. */
final class ShimTask implements Task {
    /** Signals that may come twice: what they end does not start again. */
    private static final Set<Integer> FINAL = Set.of(Signal.SIGKILL.number(), Signal.SIGTERM.number());

    private final Shim shim;

    ShimTask(Shim shim) {
        this.shim = shim;
    }

    @Override
    public String id() {
        return shim.id();
    }

    @Override
    public String namespace() {
        return shim.namespace();
    }

    @Override
    public int pid() {
        return shim.init().pid();
    }

    @Override
    public ProcessState state(Context ctx, String execId) {
        return state(ctx.remaining(shim.timeouts().state()), execId);
    }

    private ProcessState state(Duration within, String execId) {
        StateRequest request =
                StateRequest.newBuilder().setId(id()).setExecId(execId).build();
        StateResponse state = shim.repeatable("State", within, stub -> stub.state(request));
        ProcessState process = new ProcessState(
                id(),
                execId,
                state.getPid(),
                Protos.status(state.getStatus()),
                new TaskIo(state.getStdin(), state.getStdout(), state.getStderr(), state.getTerminal()),
                state.getExitStatus(),
                Protos.instant(state.getExitedAt()));
        if (execId.isEmpty() && process.status() == Status.STOPPED) {
            shim.rememberExit(new Exit(process.pid(), process.exitStatus(), process.exitedAt()));
        }
        return process;
    }

    @Override
    public int start(Context ctx, String execId) {
        StartRequest request =
                StartRequest.newBuilder().setId(id()).setExecId(execId).build();
        int pid = start(ctx, execId, request);
        if (execId.isEmpty()) {
            shim.initIs(pid);
        }
        return pid;
    }

    /** A shim that died after it had started the process leaves one that is started. */
    private int start(Context ctx, String execId, StartRequest request) {
        TaskClient used = shim.client();
        try {
            return shim.call(ctx, "Start", stub -> stub.start(request)).getPid();
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE
                    || !shim.awaitReplacement(
                            used, ctx.remaining(shim.timeouts().start()))) {
                throw e;
            }
            ProcessState state = state(ctx, execId);
            return state.status() == Status.CREATED
                    ? shim.call(ctx, "Start", stub -> stub.start(request)).getPid()
                    : state.pid();
        }
    }

    @Override
    public void exec(Context ctx, String execId, TypedValue process, TaskIo io) {
        ExecProcessRequest request = ExecProcessRequest.newBuilder()
                .setId(id())
                .setExecId(Identifiers.check(execId))
                .setStdin(io.stdin())
                .setStdout(io.stdout())
                .setStderr(io.stderr())
                .setTerminal(io.terminal())
                .setSpec(Protos.any(process))
                .build();
        CgroupMoves.expect();
        shim.call(ctx, "Exec", stub -> stub.exec(request));
    }

    @Override
    public Exit deleteProcess(Context ctx, String execId) {
        if (execId.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("the first process of task " + id() + " is deleted with the task");
        }
        DeleteRequest request =
                DeleteRequest.newBuilder().setId(id()).setExecId(execId).build();
        try {
            return exit(shim.call(ctx, "Delete", stub -> stub.delete(request)));
        } catch (WharfException e) {
            throw ifRunning(e, execId);
        }
    }

    static Exit exit(DeleteResponse response) {
        return new Exit(response.getPid(), response.getExitStatus(), Protos.instant(response.getExitedAt()));
    }

    /** Shims before 2.0 refuse to delete a running process with a status that says nothing: ask for its state. */
    WharfException ifRunning(WharfException failure, String execId) {
        if (failure.kind() != ErrorKind.UNKNOWN) {
            return failure;
        }
        try {
            Status status = state(shim.timeouts().state(), execId).status();
            return status == Status.RUNNING || status == Status.PAUSED || status == Status.PAUSING
                    ? new WharfException(
                            ErrorKind.FAILED_PRECONDITION,
                            failure.getMessage() + ": " + ErrorKind.FAILED_PRECONDITION.text(),
                            failure)
                    : failure;
        } catch (WharfException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    @Override
    public void kill(Context ctx, String execId, int signal, boolean all) {
        KillRequest request = KillRequest.newBuilder()
                .setId(id())
                .setExecId(execId)
                .setSignal(signal)
                .setAll(all)
                .build();
        if (FINAL.contains(signal)) {
            shim.repeatable(ctx, "Kill", stub -> stub.kill(request));
        } else {
            shim.call(ctx, "Kill", stub -> stub.kill(request));
        }
    }

    @Override
    public Exit await(Context ctx, String execId) {
        int pid = execId.isEmpty() ? pid() : state(ctx, execId).pid();
        WaitRequest request =
                WaitRequest.newBuilder().setId(id()).setExecId(execId).build();
        Duration within = ctx.deadline() == null ? TaskClient.UNLIMITED : ctx.remaining(Duration.ofDays(365));
        try {
            WaitResponse response = shim.client().call("Wait", within, stub -> stub.wait(request));
            Exit exit = new Exit(pid, response.getExitStatus(), Protos.instant(response.getExitedAt()));
            if (execId.isEmpty()) {
                shim.rememberExit(exit);
            }
            return exit;
        } catch (WharfException e) {
            return afterLostConnection(ctx, execId, e);
        }
    }

    /** The shim died or only the connection did: how the container ended is known once that is cleaned up. */
    private Exit afterLostConnection(Context ctx, String execId, WharfException failure) {
        if (failure.kind() != ErrorKind.UNAVAILABLE || shim.phase() == Shim.Phase.LEFT) {
            throw failure;
        }
        Duration patience =
                shim.timeouts().load().plus(shim.timeouts().cleanup().multipliedBy(3));
        long until = System.nanoTime() + ctx.remaining(patience).toNanos();
        while (System.nanoTime() < until) {
            if (shim.awaitGone(Duration.ofMillis(20))) {
                return shim.knownExit().filter(exit -> execId.isEmpty()).orElseThrow(() -> failure);
            }
            if (!shim.client().isClosed()) {
                return await(ctx, execId);
            }
        }
        throw failure;
    }

    @Override
    public void resizePty(Context ctx, String execId, int width, int height) {
        ResizePtyRequest request = ResizePtyRequest.newBuilder()
                .setId(id())
                .setExecId(execId)
                .setWidth(width)
                .setHeight(height)
                .build();
        shim.repeatable(ctx, "ResizePty", stub -> stub.resizePty(request));
    }

    @Override
    public void closeStdin(Context ctx, String execId) {
        CloseIORequest request = CloseIORequest.newBuilder()
                .setId(id())
                .setExecId(execId)
                .setStdin(true)
                .build();
        shim.repeatable(ctx, "CloseIO", stub -> stub.closeIO(request));
    }

    @Override
    public void pause(Context ctx) {
        PauseRequest request = PauseRequest.newBuilder().setId(id()).build();
        shim.repeatable(ctx, "Pause", stub -> stub.pause(request));
    }

    @Override
    public void resume(Context ctx) {
        ResumeRequest request = ResumeRequest.newBuilder().setId(id()).build();
        shim.repeatable(ctx, "Resume", stub -> stub.resume(request));
    }

    @Override
    public List<ProcessInfo> pids(Context ctx) {
        PidsRequest request = PidsRequest.newBuilder().setId(id()).build();
        return shim.repeatable(ctx, "Pids", stub -> stub.pids(request)).getProcessesList().stream()
                .map(process ->
                        new ProcessInfo(process.getPid(), process.hasInfo() ? Protos.value(process.getInfo()) : null))
                .toList();
    }

    @Override
    public void checkpoint(Context ctx, String directory, @Nullable TypedValue options) {
        CheckpointTaskRequest.Builder request =
                CheckpointTaskRequest.newBuilder().setId(id()).setPath(directory);
        if (options != null) {
            request.setOptions(Protos.any(options));
        }
        CheckpointTaskRequest built = request.build();
        shim.call(ctx, "Checkpoint", stub -> stub.checkpoint(built));
    }

    @Override
    public void update(Context ctx, TypedValue resources, Map<String, String> annotations) {
        UpdateTaskRequest request = UpdateTaskRequest.newBuilder()
                .setId(id())
                .setResources(Protos.any(resources))
                .putAllAnnotations(annotations)
                .build();
        shim.repeatable(ctx, "Update", stub -> stub.update(request));
    }

    @Override
    public TypedValue stats(Context ctx) {
        StatsRequest request = StatsRequest.newBuilder().setId(id()).build();
        return Protos.value(
                shim.repeatable(ctx, "Stats", stub -> stub.stats(request)).getStats());
    }
}
