package dev.wharf.core.runtime;

import dev.wharf.core.context.Context;
import dev.wharf.core.typeurl.TypedValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container that was created or runs. {@code execId} names one of its processes, empty the init process.
 *
 * <p>All methods call the runtime and throw what it answers; {@code UNAVAILABLE} when it is gone.
 */
public interface Task {
    /** The container's id. */
    String id();

    /** Its namespace. */
    String namespace();

    /** The pid of its init process. */
    int pid();

    /** The state of a process; {@code NOT_FOUND}. */
    ProcessState state(Context ctx, String execId);

    /** Starts a process and answers its pid. */
    int start(Context ctx, String execId);

    /** Adds a process, to be started; {@code ALREADY_EXISTS}. */
    void exec(Context ctx, String execId, TypedValue process, TaskIo io);

    /** Deletes a stopped process other than init and answers how it ended; {@code FAILED_PRECONDITION} if it runs. */
    Exit deleteProcess(Context ctx, String execId);

    /** Sends a signal to a process, or to all of the container; {@code NOT_FOUND} when it has ended. */
    void kill(Context ctx, String execId, int signal, boolean all);

    /** Waits for the end of a process, without a limit but the context's. */
    Exit await(Context ctx, String execId);

    /** Sets the size of a process's terminal, in characters. */
    void resizePty(Context ctx, String execId, int width, int height);

    /** Closes a process's input. */
    void closeStdin(Context ctx, String execId);

    /** Stops all processes of the container from running until {@link #resume}. */
    void pause(Context ctx);

    /** Lets them run again. */
    void resume(Context ctx);

    /** The pids of all processes in the container. */
    List<ProcessInfo> pids(Context ctx);

    /** Writes the state of all its processes below a directory. */
    void checkpoint(Context ctx, String directory, @Nullable TypedValue options);

    /** Changes its resources. */
    void update(Context ctx, TypedValue resources, Map<String, String> annotations);

    /** Its measurements, in the runtime's message. */
    TypedValue stats(Context ctx);

    /**
     * A pid in a container.
     *
     * @param pid in the daemon's pid namespace
     * @param info what the runtime knows of it, or null
     */
    record ProcessInfo(int pid, @Nullable TypedValue info) {}
}
