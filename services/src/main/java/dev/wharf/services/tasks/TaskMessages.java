package dev.wharf.services.tasks;

import dev.wharf.api.services.tasks.v1.CreateTaskRequest;
import dev.wharf.api.services.tasks.v1.DeleteResponse;
import dev.wharf.api.services.tasks.v1.ExecProcessRequest;
import dev.wharf.api.types.task.Process;
import dev.wharf.api.types.task.ProcessInfo;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.services.convert.AnyMessages;
import dev.wharf.services.convert.Times;

/** Processes of tasks as messages. */
final class TaskMessages {
    private TaskMessages() {}

    /** The process; containerd gives its id alone, that of the container for the init process. */
    static Process toProto(ProcessState state) {
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

    static ProcessInfo toProto(Task.ProcessInfo process) {
        var message = ProcessInfo.newBuilder().setPid(process.pid());
        if (process.info() != null) {
            message.setInfo(AnyMessages.toProto(process.info()));
        }
        return message.build();
    }

    static DeleteResponse toProto(String execId, Exit exit) {
        return DeleteResponse.newBuilder()
                .setId(execId)
                .setPid(exit.pid())
                .setExitStatus(exit.status())
                .setExitedAt(Times.toProtoOrZero(exit.at()))
                .build();
    }

    static TaskIo io(CreateTaskRequest request) {
        return new TaskIo(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
    }

    static TaskIo io(ExecProcessRequest request) {
        return new TaskIo(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
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
