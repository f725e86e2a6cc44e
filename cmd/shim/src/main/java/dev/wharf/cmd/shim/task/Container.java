package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.types.task.Status;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.bundle.ContainerRecord.Phase;
import dev.wharf.cmd.shim.bundle.ContainerSpec;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import dev.wharf.cmd.shim.cgroup.OomWatch;
import dev.wharf.cmd.shim.engine.Engine;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.engine.EngineOptions;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.ShimException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container: its state, its processes, and how their ends follow one another.
 *
 * <p>The end of the first process is held back until all added ones have ended, which are killed with it, and no added
 * one starts after it. Use cases with several steps ({@link Creation}, {@link ExecStart}, {@link Removal}) are beside it.
 */
final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);

    private final Platform platform;
    private final ContainerKey key;
    private final Bundle bundle;
    private final Options options;
    private final Engine engine;
    private final TaskEvents events;
    private final TaskProcess init;
    private final String checkpoint;
    private final String parentCheckpoint;
    private final Removal removal;
    private final ReentrantLock saving = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all below. */
    private final Execs execs = new Execs();

    private State state = State.CREATED;
    private boolean starting;
    private boolean pausing;

    /** The end of the first process while it is not told yet. */
    private @Nullable Exit initExit;

    private boolean awaitingExecs;

    private volatile Phase phase = Phase.CREATING;
    private volatile Optional<ControlGroup> cgroup = Optional.empty();
    private volatile Optional<OomWatch> oomWatch = Optional.empty();

    /** Where a container is in its life. */
    enum State {
        CREATED("created", Status.CREATED),
        RUNNING("running", Status.RUNNING),
        PAUSED("paused", Status.PAUSED),
        STOPPED("stopped", Status.STOPPED),
        DELETED("deleted", Status.STOPPED);

        private final String word;
        private final Status status;

        State(String word, Status status) {
            this.word = word;
            this.status = status;
        }
    }

    Container(Platform platform, ContainerKey key, Bundle bundle, Options options, ContainerRecord record) {
        this.platform = platform;
        this.key = key;
        this.bundle = bundle;
        this.options = options;
        this.engine = new Engine(
                platform.runner(),
                platform.kinds(),
                EngineOptions.of(options, key.namespace()),
                bundle.log(),
                key.id());
        this.events = new TaskEvents(platform.context(), key);
        this.init = TaskProcess.of(record.init());
        this.checkpoint = record.checkpoint();
        this.parentCheckpoint = record.parentCheckpoint();
        this.removal = new Removal(this);
        record.execs().forEach(exec -> execs.add(TaskProcess.of(exec)));
    }

    Platform platform() {
        return platform;
    }

    ContainerKey key() {
        return key;
    }

    Bundle bundle() {
        return bundle;
    }

    Options options() {
        return options;
    }

    Engine engine() {
        return engine;
    }

    TaskEvents events() {
        return events;
    }

    TaskProcess init() {
        return init;
    }

    Removal removal() {
        return removal;
    }

    String checkpoint() {
        return checkpoint;
    }

    String parentCheckpoint() {
        return parentCheckpoint;
    }

    Optional<ControlGroup> cgroup() {
        return cgroup;
    }

    /** A process by its id, "" being the first one; NOT_FOUND. */
    TaskProcess process(String exec) {
        return exec.isEmpty() ? init : locked(() -> execs.get(exec));
    }

    List<TaskProcess> execs() {
        return locked(execs::all);
    }

    // ---- state

    State state() {
        return locked(() -> state);
    }

    void setState(State now) {
        locked(() -> state = now);
    }

    /** What clients are told of a process. */
    Status status(TaskProcess process) {
        return locked(() -> {
            if (pausing) {
                return Status.PAUSING;
            }
            if (process == init || state == State.PAUSED) {
                return state.status;
            }
            if (process.exit().isPresent()) {
                return Status.STOPPED;
            }
            return process.isStarted() ? Status.RUNNING : Status.CREATED;
        });
    }

    /** Refuses what the state does not allow, in the words of containerd: "cannot ... a stopped container". */
    void require(String verb, String noun, State... allowed) {
        State now = state();
        for (State state : allowed) {
            if (now == state) {
                return;
            }
        }
        throw refusal(verb, noun, now);
    }

    private static ShimException refusal(String verb, String noun, State now) {
        String text = "cannot " + verb + " a " + now.word + " " + noun;
        return now == State.DELETED ? ShimException.notFound(text) : ShimException.failedPrecondition(text);
    }

    /** Marks the first process as being started, which holds its end back; FAILED_PRECONDITION. */
    void beginStart() {
        locked(() -> {
            if (state != State.CREATED || starting) {
                throw refusal("start", "process", starting ? State.RUNNING : state);
            }
            return starting = true;
        });
    }

    /** The start is over, and told; an end that came meanwhile is told now. */
    void endStart() {
        Exit pending = locked(() -> {
            starting = false;
            return initExit;
        });
        if (pending != null) {
            Thread.ofVirtual().start(() -> initEnded(pending));
        }
    }

    /** Freezes or thaws by the engine; what clients see meanwhile is "pausing". */
    void pause(Runnable command) {
        locked(() -> pausing = true);
        try {
            command.run();
            locked(() -> state == State.RUNNING ? state = State.PAUSED : state);
        } finally {
            locked(() -> pausing = false);
        }
    }

    void markResumed() {
        locked(() -> state == State.PAUSED ? state = State.RUNNING : state);
    }

    // ---- added processes

    void reserve(String exec) {
        locked(() -> {
            execs.reserve(exec);
            return exec;
        });
    }

    void release(String exec) {
        locked(() -> {
            execs.release(exec);
            return exec;
        });
    }

    void add(TaskProcess exec) {
        locked(() -> {
            execs.add(exec);
            return exec;
        });
    }

    /** Marks an added process as being started; FAILED_PRECONDITION after the end of the first one. */
    void beginStart(TaskProcess exec) {
        locked(() -> {
            if (initExit != null || state == State.STOPPED || state == State.DELETED) {
                throw ShimException.failedPrecondition("container " + key.id() + " init process is not running");
            }
            execs.beginStart(exec);
            return exec;
        });
    }

    /** An added process runs, started by another process of this program. */
    void noteRunning(TaskProcess exec) {
        locked(() -> {
            execs.noteRunning(exec);
            return exec;
        });
    }

    /** An added process has ended, or could not be started; the end of the first one may have waited for that. */
    void endOf(TaskProcess exec) {
        Exit told = locked(() -> {
            execs.end(exec);
            boolean last = awaitingExecs && !execs.isAnyRunning();
            awaitingExecs &= !last;
            return last ? initExit : null;
        });
        if (told != null) {
            finish(told);
        }
    }

    /** Refuses to remove an added process that is being started or runs. */
    void requireEnded(TaskProcess exec) {
        if (exec.exit().isEmpty() && locked(() -> execs.isRunning(exec))) {
            throw ShimException.failedPrecondition("cannot delete a running process");
        }
    }

    /** Refuses to add a process where none can start. */
    void requireExec() {
        State now = state();
        boolean possible = now == State.RUNNING || now == State.CREATED && checkpoint.isEmpty();
        if (!possible) {
            throw ShimException.failedPrecondition("cannot exec in a " + now.word + " state");
        }
    }

    void remove(TaskProcess exec) {
        locked(() -> {
            execs.remove(exec);
            return exec;
        });
    }

    // ---- ends

    /** Waits for the end of the first process, on whose thread nothing else happens. */
    void watchInit() {
        platform.watcher().watch(pidfdOf(init), exit -> Thread.ofVirtual().start(() -> initEnded(exit)));
    }

    void watch(TaskProcess exec) {
        platform.watcher().watch(pidfdOf(exec), exit -> Thread.ofVirtual().start(() -> execEnded(exec, exit)));
    }

    private static dev.wharf.lib.linux.Pidfd pidfdOf(TaskProcess process) {
        return process.pidfd().orElseThrow(() -> new IllegalStateException("a process without a descriptor"));
    }

    /** An added process has ended. */
    void execEnded(TaskProcess exec, Exit exit) {
        exec.end(exit);
        report(exec, exec.exec(), exit);
        exec.release();
        endOf(exec);
    }

    /** The first process has ended. */
    void initEnded(Exit exit) {
        State before = locked(() -> {
            initExit = exit;
            return starting ? null : state;
        });
        if (before == null) {
            return;
        }
        if (before == State.PAUSED) {
            attempt("thaw what is left of a container", () -> engine.resume(Limits.CLEANUP));
        }
        if (!hasOwnPidNamespace()) {
            attempt(
                    "kill what is left of a container",
                    () -> engine.kill(Signal.SIGKILL.number(), true, Limits.CLEANUP));
        }
        boolean last = locked(() -> {
            awaitingExecs = execs.isAnyRunning();
            return !awaitingExecs;
        });
        if (last) {
            finish(exit);
        }
    }

    private void finish(Exit exit) {
        oomWatch.ifPresent(OomWatch::close);
        setState(State.STOPPED);
        init.end(exit);
        report(init, key.id(), exit);
        platform.orphans().afterEnd();
        removal.begin();
        init.release();
    }

    /** Tells the daemon of an end, which is on disk before, and notes when the daemon has taken it. */
    void report(TaskProcess process, String id, Exit exit) {
        save();
        events.exited(id, process.pid(), exit, () -> {
            process.markReported();
            save();
        });
    }

    private boolean hasOwnPidNamespace() {
        try {
            return ContainerSpec.read(bundle).hasOwnPidNamespace();
        } catch (RuntimeException e) {
            LOG.warn("cannot read the configuration of a container, id={} error={}", key.id(), e.getMessage());
            return false;
        }
    }

    private void attempt(String what, Runnable command) {
        try {
            command.run();
        } catch (EngineException e) {
            LOG.warn("cannot {}, id={} error={}", what, key.id(), e.getMessage());
        }
    }

    // ---- memory

    /** Begins to watch the control group of the first process. */
    void watchMemory() {
        cgroup = ControlGroup.of(init.pid());
        oomWatch = cgroup.flatMap(group -> OomWatch.start(platform.loop(), group, events::outOfMemory));
    }

    // ---- what lasts

    /** Parks the descriptors of a process, so that another process of this program can go on with it. */
    void park(TaskProcess process) {
        followReleases(process);
        Map<String, Fd> named = new HashMap<>();
        process.lasting().forEach((name, fd) -> named.put(parkedPrefix(process) + name, fd));
        platform.store().put(named);
        if (process.stdio().terminal() && process.io().console().isEmpty()) {
            platform.store().remove(parkedPrefix(process) + ProcessIo.CONSOLE);
        }
    }

    /** Parks what a terminal needs before the engine makes it: it may be sent to a process that is gone by then. */
    void parkTerminal(TaskProcess process) {
        if (process.io().console().isPresent()) {
            park(process);
        }
    }

    /** What the streams of a process give up is not parked any more either. */
    void followReleases(TaskProcess process) {
        process.io().onRelease(name -> platform.store().remove(parkedPrefix(process) + name));
    }

    /** Under which the descriptors of a process are parked. */
    String parkedPrefix(TaskProcess process) {
        return parkedPrefix() + process.exec() + "/";
    }

    String parkedPrefix() {
        return key.namespace() + "/" + key.id() + "/";
    }

    void setPhase(Phase now) {
        phase = now;
    }

    /** Writes the state as it is now. A removed container has none. */
    void save() {
        saving.lock();
        try {
            if (state() != State.DELETED) {
                bundle.writeState(toRecord());
            }
        } catch (java.io.UncheckedIOException e) {
            LOG.error("cannot keep the state of a container, id={} error={}", key.id(), e.getMessage());
        } finally {
            saving.unlock();
        }
    }

    /** Forgets the state for good. */
    void forget() {
        saving.lock();
        try {
            setState(State.DELETED);
            bundle.removeState();
        } finally {
            saving.unlock();
        }
        platform.bundles().remove(key);
        platform.store().remove(parkedPrefix());
    }

    private ContainerRecord toRecord() {
        return new ContainerRecord(
                key.namespace(),
                key.id(),
                phase,
                checkpoint,
                parentCheckpoint,
                init.toRecord(),
                execs().stream().map(TaskProcess::toRecord).toList());
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
