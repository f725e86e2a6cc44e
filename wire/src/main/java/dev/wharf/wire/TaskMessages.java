package dev.wharf.wire;

import dev.wharf.api.services.tasks.v1.CreateTaskRequest;
import dev.wharf.api.services.tasks.v1.DeleteResponse;
import dev.wharf.api.services.tasks.v1.ExecProcessRequest;
import dev.wharf.api.services.tasks.v1.WaitResponse;
import dev.wharf.api.types.task.Process;
import dev.wharf.api.types.task.ProcessInfo;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;

/** Processes of tasks as messages. */
public final class TaskMessages {
    private TaskMessages() {}

    /** The process; containerd gives its id alone, that of the container for the init process. */
    public static Process toProto(ProcessState state) {
        return Process.newBuilder()
                .setId(state.execId().isEmpty() ? state.containerId() : state.execId())
                .setPid(state.pid())
                .setStatus(toProto(state.status()))
                .setStdin(state.io().stdin())
                .setStdout(state.io().stdout())
                .setStderr(state.io().stderr())
                .setTerminal(state.io().terminal())
                .setExitStatus(state.exitStatus())
                .setExitedAt(Times.toProtoOrZero(state.exitedAt()))
                .build();
    }

    /** A pid as a message. */
    public static ProcessInfo toProto(Task.ProcessInfo process) {
        var message = ProcessInfo.newBuilder().setPid(process.pid());
        if (process.info() != null) {
            message.setInfo(AnyMessages.toProto(process.info()));
        }
        return message.build();
    }

    /** How a process ended, as the answer to its deletion. */
    public static DeleteResponse toProto(String execId, Exit exit) {
        return DeleteResponse.newBuilder()
                .setId(execId)
                .setPid(exit.pid())
                .setExitStatus(exit.status())
                .setExitedAt(Times.toProtoOrZero(exit.at()))
                .build();
    }

    /** Where the init process reads from and writes to. */
    public static TaskIo io(CreateTaskRequest request) {
        return new TaskIo(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
    }

    /** Where an added process reads from and writes to. */
    public static TaskIo io(ExecProcessRequest request) {
        return new TaskIo(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
    }

    /** The message as a process of this container; {@code execId} is empty for the init process. */
    public static ProcessState fromProto(String containerId, String execId, Process message) {
        return new ProcessState(
                containerId,
                execId,
                message.getPid(),
                fromProto(message.getStatus()),
                new TaskIo(message.getStdin(), message.getStdout(), message.getStderr(), message.getTerminal()),
                message.getExitStatus(),
                Times.fromProto(message.getExitedAt()));
    }

    /** The message as a pid. */
    public static Task.ProcessInfo fromProto(ProcessInfo message) {
        return new Task.ProcessInfo(message.getPid(), AnyMessages.fromProto(message.hasInfo(), message.getInfo()));
    }

    /** The answer to a deletion as how the process ended. */
    public static Exit fromProto(DeleteResponse message) {
        return new Exit(message.getPid(), message.getExitStatus(), Times.fromProto(message.getExitedAt()));
    }

    /** The answer to a wait as how the process ended; its pid, which the answer lacks, is given. */
    public static Exit fromProto(int pid, WaitResponse message) {
        return new Exit(pid, message.getExitStatus(), Times.fromProto(message.getExitedAt()));
    }

    /** The request for a task. The spec and the runtime's name do not travel: the container has them. */
    public static CreateTaskRequest toProto(CreateTask task) {
        var message = CreateTaskRequest.newBuilder()
                .setContainerId(task.containerId())
                .addAllRootfs(MountMessages.toProto(task.rootfs()))
                .setStdin(task.io().stdin())
                .setStdout(task.io().stdout())
                .setStderr(task.io().stderr())
                .setTerminal(task.io().terminal());
        if (task.options() != null) {
            message.setOptions(AnyMessages.toProto(task.options()));
        }
        if (task.runtime().startsWith("/")) {
            message.setRuntimePath(task.runtime());
        }
        return message.build();
    }

    /** The request for another process of a task. */
    public static ExecProcessRequest toProto(String containerId, String execId, TypedValue process, TaskIo io) {
        return ExecProcessRequest.newBuilder()
                .setContainerId(containerId)
                .setExecId(execId)
                .setSpec(AnyMessages.toProto(process))
                .setStdin(io.stdin())
                .setStdout(io.stdout())
                .setStderr(io.stderr())
                .setTerminal(io.terminal())
                .build();
    }

    private static Status fromProto(dev.wharf.api.types.task.Status status) {
        return switch (status) {
            case UNKNOWN, UNRECOGNIZED -> Status.UNKNOWN;
            case CREATED -> Status.CREATED;
            case RUNNING -> Status.RUNNING;
            case STOPPED -> Status.STOPPED;
            case PAUSED -> Status.PAUSED;
            case PAUSING -> Status.PAUSING;
        };
    }

    private static dev.wharf.api.types.task.Status toProto(Status status) {
        return switch (status) {
            case UNKNOWN -> dev.wharf.api.types.task.Status.UNKNOWN;
            case CREATED -> dev.wharf.api.types.task.Status.CREATED;
            case RUNNING -> dev.wharf.api.types.task.Status.RUNNING;
            case STOPPED -> dev.wharf.api.types.task.Status.STOPPED;
            case PAUSED -> dev.wharf.api.types.task.Status.PAUSED;
            case PAUSING -> dev.wharf.api.types.task.Status.PAUSING;
        };
    }
}
