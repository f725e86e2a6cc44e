package dev.wharf.cmd.shim.task;

import dev.wharf.api.types.task.Status;
import dev.wharf.cmd.shim.bundle.ProcessRecord;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.shim.ShimException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a container and its processes, and what may not: all of its state that changes, under one lock.
 * Nothing is done here.
 *
 * <p>The end of the first process is held back until its start is over and all added ones have ended, and no added one
 * starts after it.
 */
final class Lifecycle {
    private final String id;
    private final TaskProcess init;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all below. */
    private final Execs execs = new Execs();

    private ContainerState state = ContainerState.CREATED;
    private boolean starting;
    private boolean pausing;

    /** The end of the first process while it is not told yet. */
    private @Nullable Exit initExit;

    private boolean awaitingExecs;

    /** Of a container by its id, with the processes it has. */
    Lifecycle(String id, TaskProcess init, List<ProcessRecord> added) {
        this.id = id;
        this.init = init;
        added.forEach(exec -> execs.add(TaskProcess.of(exec)));
    }

    /** An added process by its id; NOT_FOUND. */
    TaskProcess exec(String exec) {
        return locked(() -> execs.get(exec));
    }

    List<TaskProcess> execs() {
        return locked(execs::all);
    }

    ContainerState state() {
        return locked(() -> state);
    }

    void setState(ContainerState now) {
        change(() -> state = now);
    }

    /** What clients are told of a process. */
    Status status(TaskProcess process) {
        return locked(() -> {
            if (pausing) {
                return Status.PAUSING;
            }
            if (process == init || state == ContainerState.PAUSED) {
                return state.status();
            }
            if (process.exit().isPresent()) {
                return Status.STOPPED;
            }
            return process.isStarted() ? Status.RUNNING : Status.CREATED;
        });
    }

    /** Refuses what the state does not allow, in the words of containerd: "cannot ... a stopped container". */
    void require(String verb, String noun, ContainerState... allowed) {
        ContainerState now = state();
        for (ContainerState state : allowed) {
            if (now == state) {
                return;
            }
        }
        throw refusal(verb, noun, now);
    }

    private static ShimException refusal(String verb, String noun, ContainerState now) {
        String text = "cannot " + verb + " a " + now.word() + " " + noun;
        return now == ContainerState.DELETED ? ShimException.notFound(text) : ShimException.failedPrecondition(text);
    }

    /** Marks the first process as being started, which holds its end back; FAILED_PRECONDITION. */
    void beginStart() {
        change(() -> {
            if (state != ContainerState.CREATED || starting) {
                throw refusal("start", "process", starting ? ContainerState.RUNNING : state);
            }
            starting = true;
        });
    }

    /** The start is over, and told; answers an end that came meanwhile, to be told now. */
    Optional<Exit> endStart() {
        return locked(() -> {
            starting = false;
            return Optional.ofNullable(initExit);
        });
    }

    /** Freezes or thaws by the engine; what clients see meanwhile is "pausing". */
    void pause(Runnable command) {
        change(() -> pausing = true);
        try {
            command.run();
            change(() -> state = state == ContainerState.RUNNING ? ContainerState.PAUSED : state);
        } finally {
            change(() -> pausing = false);
        }
    }

    void markResumed() {
        change(() -> state = state == ContainerState.PAUSED ? ContainerState.RUNNING : state);
    }

    // ---- added processes

    void reserve(String exec) {
        change(() -> execs.reserve(exec));
    }

    void release(String exec) {
        change(() -> execs.release(exec));
    }

    void add(TaskProcess exec) {
        change(() -> execs.add(exec));
    }

    void remove(TaskProcess exec) {
        change(() -> execs.remove(exec));
    }

    /** Marks an added process as being started; FAILED_PRECONDITION after the end of the first one. */
    void beginStart(TaskProcess exec) {
        change(() -> {
            if (initExit != null || state == ContainerState.STOPPED || state == ContainerState.DELETED) {
                throw ShimException.failedPrecondition("container " + id + " init process is not running");
            }
            execs.beginStart(exec);
        });
    }

    /** An added process runs, started by another process of this program. */
    void noteRunning(TaskProcess exec) {
        change(() -> execs.noteRunning(exec));
    }

    /** Refuses to remove an added process that is being started or runs. */
    void requireEnded(TaskProcess exec) {
        if (exec.exit().isEmpty() && locked(() -> execs.isRunning(exec))) {
            throw ShimException.failedPrecondition("cannot delete a running process");
        }
    }

    /** Refuses to add a process where none can start. */
    void requireExec(boolean isToBeRestored) {
        ContainerState now = state();
        if (now != ContainerState.RUNNING && (now != ContainerState.CREATED || isToBeRestored)) {
            throw ShimException.failedPrecondition("cannot exec in a " + now.word() + " state");
        }
    }

    // ---- ends

    /** The first process has ended; answers the state it was in, or nothing while the end is held back by its start. */
    Optional<ContainerState> initEnded(Exit exit) {
        return locked(() -> {
            initExit = exit;
            return starting ? Optional.empty() : Optional.of(state);
        });
    }

    /** Whether the end of the first process can be told now; otherwise the last added one brings it. */
    boolean isLast() {
        return locked(() -> {
            awaitingExecs = execs.isAnyRunning();
            return !awaitingExecs;
        });
    }

    /** An added process has ended, or could not be started; answers the end of the first one where it waited for that. */
    Optional<Exit> execEnded(TaskProcess exec) {
        return locked(() -> {
            execs.end(exec);
            boolean last = awaitingExecs && !execs.isAnyRunning();
            awaitingExecs &= !last;
            return last ? Optional.ofNullable(initExit) : Optional.empty();
        });
    }

    private void change(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
