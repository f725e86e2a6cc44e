package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import dev.wharf.cmd.shim.cgroup.OomWatch;
import dev.wharf.cmd.shim.engine.Engine;
import dev.wharf.cmd.shim.engine.EngineOptions;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * One container and what belongs to it: its processes and their states are in its {@link Lifecycle}, what follows from
 * their ends in {@link Ends}, what outlives this process in {@link Lasting}. Use cases with several steps
 * ({@link Creation}, {@link ExecStart}, {@link Removal}) are beside it.
 */
final class Container {
    private final Platform platform;
    private final ContainerKey key;
    private final Bundle bundle;
    private final Options options;
    private final Engine engine;
    private final TaskEvents events;
    private final TaskProcess init;
    private final String checkpoint;
    private final String parentCheckpoint;
    private final Lifecycle life;
    private final Ends ends;
    private final Lasting lasting;
    private final Removal removal;
    private final Semaphore transfers = new Semaphore(Limits.CONTAINER_TRANSFERS);
    private volatile Optional<ControlGroup> cgroup = Optional.empty();
    private volatile Optional<OomWatch> oomWatch = Optional.empty();

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
        this.life = new Lifecycle(key.id(), init, record.execs());
        this.ends = new Ends(this);
        this.lasting = new Lasting(this);
        this.removal = new Removal(this);
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

    Lifecycle life() {
        return life;
    }

    Ends ends() {
        return ends;
    }

    Lasting lasting() {
        return lasting;
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

    /** A process by its id, "" being the first one; NOT_FOUND. */
    TaskProcess process(String exec) {
        return exec.isEmpty() ? init : life.exec(exec);
    }

    Optional<ControlGroup> cgroup() {
        return cgroup;
    }

    /** Begins to watch the control group of the first process. */
    void watchMemory() {
        cgroup = ControlGroup.of(init.pid());
        oomWatch = cgroup.flatMap(group -> OomWatch.start(platform.loop(), group, events::outOfMemory));
    }

    void stopWatchingMemory() {
        oomWatch.ifPresent(OomWatch::close);
    }

    /** The turns of transfers of its files. */
    Semaphore transfers() {
        return transfers;
    }
}
