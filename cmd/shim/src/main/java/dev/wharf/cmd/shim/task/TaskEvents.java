package dev.wharf.cmd.shim.task;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.wharf.api.events.TaskCreate;
import dev.wharf.api.events.TaskDelete;
import dev.wharf.api.events.TaskExecAdded;
import dev.wharf.api.events.TaskExecStarted;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.events.TaskIO;
import dev.wharf.api.events.TaskOOM;
import dev.wharf.api.events.TaskPaused;
import dev.wharf.api.events.TaskResumed;
import dev.wharf.api.events.TaskStart;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import dev.wharf.shim.Topics;
import java.time.Instant;
import java.util.Optional;

/** The events of one container. */
final class TaskEvents {
    /** What Go makes of a time that was never set: the first second of the year 1. */
    private static final Timestamp NEVER =
            Timestamp.newBuilder().setSeconds(-62_135_596_800L).build();

    private final ShimContext context;
    private final ContainerKey key;

    TaskEvents(ShimContext context, ContainerKey key) {
        this.context = context;
        this.key = key;
    }

    /** When a process ended, as responses and events say it. */
    static Timestamp exitedAt(Optional<Exit> exit) {
        return exit.map(Exit::at).map(TaskEvents::timestamp).orElse(NEVER);
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    void created(CreateTaskRequest request, int pid) {
        TaskIO io = TaskIO.newBuilder()
                .setStdin(request.getStdin())
                .setStdout(request.getStdout())
                .setStderr(request.getStderr())
                .setTerminal(request.getTerminal())
                .build();
        publish(
                Topics.CREATE,
                TaskCreate.newBuilder()
                        .setContainerId(key.id())
                        .setBundle(request.getBundle())
                        .addAllRootfs(request.getRootfsList())
                        .setIo(io)
                        .setCheckpoint(request.getCheckpoint())
                        .setPid(pid)
                        .build());
    }

    void started(int pid) {
        publish(
                Topics.START,
                TaskStart.newBuilder().setContainerId(key.id()).setPid(pid).build());
    }

    void execAdded(String exec) {
        publish(
                Topics.EXEC_ADDED,
                TaskExecAdded.newBuilder()
                        .setContainerId(key.id())
                        .setExecId(exec)
                        .build());
    }

    void execStarted(String exec, int pid) {
        publish(
                Topics.EXEC_STARTED,
                TaskExecStarted.newBuilder()
                        .setContainerId(key.id())
                        .setExecId(exec)
                        .setPid(pid)
                        .build());
    }

    /** The end of a process: its id is that of the container or of the added process. */
    void exited(String process, int pid, Exit exit, Runnable taken) {
        TaskExit event = TaskExit.newBuilder()
                .setContainerId(key.id())
                .setId(process)
                .setPid(pid)
                .setExitStatus(exit.status())
                .setExitedAt(timestamp(exit.at()))
                .build();
        context.publish(new ShimEvent(key.namespace(), key.id(), Topics.EXIT, event), taken);
    }

    void deleted(int pid, Optional<Exit> exit) {
        publish(
                Topics.DELETE,
                TaskDelete.newBuilder()
                        .setContainerId(key.id())
                        .setPid(pid)
                        .setExitStatus(exit.map(Exit::status).orElse(0))
                        .setExitedAt(exitedAt(exit))
                        .build());
    }

    void paused() {
        publish(Topics.PAUSED, TaskPaused.newBuilder().setContainerId(key.id()).build());
    }

    void resumed() {
        publish(
                Topics.RESUMED,
                TaskResumed.newBuilder().setContainerId(key.id()).build());
    }

    void outOfMemory() {
        publish(Topics.OOM, TaskOOM.newBuilder().setContainerId(key.id()).build());
    }

    private void publish(String topic, Message message) {
        context.publish(new ShimEvent(key.namespace(), key.id(), topic, message));
    }
}
