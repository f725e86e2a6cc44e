package dev.wharf.shim;

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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tasks of one shim process: what a runtime implements. The methods are the rpcs of {@code containerd.task.v3.Task}
 * without Shutdown, which the framework answers itself.
 *
 * <p>Every call comes on a virtual thread of its own, many at once, and may block. Ids are unique within a namespace
 * only. Errors are thrown as {@link ShimException}; any other exception is a fault of the runtime, is logged and
 * answered with UNKNOWN. A caller that goes away does not interrupt its call, apart from {@link #wait}.
 *
 * <p>An empty {@code exec_id} means the container's first process. Events are the runtime's to publish, through {@link
 * ShimContext#publish}.
 */
public interface TaskService {
    /** State of a process; NOT_FOUND for one that does not exist. */
    StateResponse state(Call call, StateRequest request);

    /** Mounts the root file system and makes the first process, not yet running its program; ALREADY_EXISTS. */
    CreateTaskResponse create(Call call, CreateTaskRequest request);

    /** Runs a created or added process; FAILED_PRECONDITION where it runs already or its container has exited. */
    StartResponse start(Call call, StartRequest request);

    /** Removes an exited process; FAILED_PRECONDITION where it still runs. */
    DeleteResponse delete(Call call, DeleteRequest request);

    /** Pids of all processes of a container, with {@code containerd.runc.v1.ProcessDetails} for added ones. */
    PidsResponse pids(Call call, PidsRequest request);

    /** Freezes a container. */
    void pause(Call call, PauseRequest request);

    /** Lets a frozen container go on. */
    void resume(Call call, ResumeRequest request);

    /** Dumps a container into a directory. */
    void checkpoint(Call call, CheckpointTaskRequest request);

    /** Sends a signal; NOT_FOUND where the process has exited. */
    void kill(Call call, KillRequest request);

    /** Adds a process, not yet running; ALREADY_EXISTS where its id is in use. */
    void exec(Call call, ExecProcessRequest request);

    /** Sets the size of the terminal of a process. */
    void resizePty(Call call, ResizePtyRequest request);

    /** Closes standard input of a process. */
    void closeIo(Call call, CloseIORequest request);

    /** Changes resource limits of a container. */
    void update(Call call, UpdateTaskRequest request);

    /**
     * Blocks until a process has exited; for one that has, answers at once.
     *
     * @throws InterruptedException because the caller is gone or its deadline has passed: the answer has no reader
     */
    WaitResponse wait(Call call, WaitRequest request) throws InterruptedException;

    /** Figures of the container's control group. */
    StatsResponse stats(Call call, StatsRequest request);

    /** Pid of the first process, 0 where there is none; the framework fills in the shim's own pid. */
    ConnectResponse connect(Call call, ConnectRequest request);

    /** The namespaces that have a container with this id: one tells for which container a request is that names none. */
    default Stream<String> namespacesOf(String id) {
        return Stream.empty();
    }

    /** Whether nothing is left to serve, so that a Shutdown may end the process. Called often: answers at once. */
    boolean isEmpty();

    /** The files of containers, for a runtime that gives access; transfers and streams are not served otherwise. */
    default Optional<TransferService> transfers() {
        return Optional.empty();
    }

    /** The pods of this process, for a runtime that has them; the sandbox service is not served otherwise. */
    default Optional<SandboxService> sandboxes() {
        return Optional.empty();
    }
}
