package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.bundle.ContainerRecord.Phase;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.lib.linux.Fd;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a container lasts beyond this process, so that another one can go on with it: parked descriptors and a file. */
final class Lasting {
    private static final Logger LOG = LoggerFactory.getLogger(Lasting.class);

    private final Container container;

    /** One writes the file at a time. */
    private final ReentrantLock saving = new ReentrantLock();

    private volatile Phase phase = Phase.CREATING;

    Lasting(Container container) {
        this.container = container;
    }

    /** Parks the descriptors of a process. */
    void park(TaskProcess process) {
        followReleases(process);
        Map<String, Fd> named = new HashMap<>();
        process.lasting().forEach((name, fd) -> named.put(prefix(process) + name, fd));
        container.platform().store().put(named);
        if (process.stdio().terminal() && process.io().console().isEmpty()) {
            container.platform().store().remove(prefix(process) + ProcessIo.CONSOLE);
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
        process.io().onRelease(name -> container.platform().store().remove(prefix(process) + name));
    }

    /** Lets go of the descriptors of a process. */
    void unpark(TaskProcess process) {
        container.platform().store().remove(prefix(process));
    }

    /** Lets go of what keeps the standard input of a process open. */
    void unparkStdin(TaskProcess process) {
        container.platform().store().remove(prefix(process) + process.io().stdinName());
    }

    private String prefix(TaskProcess process) {
        return prefix() + process.exec() + "/";
    }

    /** Under which the descriptors of the container are parked. */
    private String prefix() {
        return container.key().namespace() + "/" + container.key().id() + "/";
    }

    void setPhase(Phase now) {
        phase = now;
    }

    /** Writes the state as it is now. A removed container has none. */
    void save() {
        saving.lock();
        try {
            if (container.life().state() != ContainerState.DELETED) {
                container.bundle().writeState(toRecord());
            }
        } catch (UncheckedIOException e) {
            LOG.error(
                    "cannot keep the state of a container, id={} error={}",
                    container.key().id(),
                    e.getMessage());
        } finally {
            saving.unlock();
        }
    }

    /** Forgets the state for good. */
    void forget() {
        saving.lock();
        try {
            container.life().setState(ContainerState.DELETED);
            container.bundle().removeState();
        } finally {
            saving.unlock();
        }
        container.platform().bundles().remove(container.key());
        container.platform().store().remove(prefix());
    }

    private ContainerRecord toRecord() {
        ContainerKey key = container.key();
        return new ContainerRecord(
                key.namespace(),
                key.id(),
                phase,
                container.checkpoint(),
                container.parentCheckpoint(),
                container.init().toRecord(),
                container.life().execs().stream().map(TaskProcess::toRecord).toList());
    }
}
