package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.ContainerSpec;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Signal;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the ends of a container's processes follow one another: with the first one all added ones are killed, and its end
 * is told when theirs have been.
 */
final class Ends {
    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);

    private final Container container;

    Ends(Container container) {
        this.container = container;
    }

    /** Waits for the end of the first process, on whose thread nothing else happens. */
    void watchInit() {
        watch(container.init(), this::initEnded);
    }

    void watch(TaskProcess exec) {
        watch(exec, exit -> execEnded(exec, exit));
    }

    private void watch(TaskProcess process, Consumer<Exit> ended) {
        Pidfd descriptor =
                process.pidfd().orElseThrow(() -> new IllegalStateException("a process without a descriptor"));
        container
                .platform()
                .watcher()
                .watch(descriptor, exit -> Thread.ofVirtual().start(() -> ended.accept(exit)));
    }

    /** The start of the first process is over, and told; an end that came meanwhile is told now. */
    void endStart() {
        container.life().endStart().ifPresent(exit -> Thread.ofVirtual().start(() -> initEnded(exit)));
    }

    /** An added process has ended. */
    void execEnded(TaskProcess exec, Exit exit) {
        exec.end(exit);
        report(exec, exec.exec(), exit);
        exec.release();
        endOf(exec);
    }

    /** An added process has ended, or could not be started; the end of the first one may have waited for that. */
    void endOf(TaskProcess exec) {
        container.life().execEnded(exec).ifPresent(this::finish);
    }

    /** The first process has ended. */
    void initEnded(Exit exit) {
        container.life().initEnded(exit).ifPresent(before -> {
            endOthers(before);
            if (container.life().isLast()) {
                finish(exit);
            }
        });
    }

    private void endOthers(ContainerState before) {
        if (before == ContainerState.PAUSED) {
            attempt("thaw what is left of a container", () -> container.engine().resume(Limits.CLEANUP));
        }
        if (!hasOwnPidNamespace()) {
            attempt(
                    "kill what is left of a container",
                    () -> container.engine().kill(Signal.SIGKILL.number(), true, Limits.CLEANUP));
        }
    }

    private void finish(Exit exit) {
        container.stopWatchingMemory();
        container.life().setState(ContainerState.STOPPED);
        TaskProcess init = container.init();
        init.end(exit);
        report(init, container.key().id(), exit);
        container.platform().orphans().afterEnd();
        container.removal().begin();
        init.release();
    }

    /** Tells the daemon of an end, which is on disk before, and notes when the daemon has taken it. */
    void report(TaskProcess process, String id, Exit exit) {
        container.lasting().save();
        container.events().exited(id, process.pid(), exit, () -> {
            process.markReported();
            container.lasting().save();
        });
    }

    private boolean hasOwnPidNamespace() {
        try {
            return ContainerSpec.read(container.bundle()).hasOwnPidNamespace();
        } catch (RuntimeException e) {
            LOG.warn(
                    "cannot read the configuration of a container, id={} error={}",
                    container.key().id(),
                    e.getMessage());
            return false;
        }
    }

    private void attempt(String what, Runnable command) {
        try {
            command.run();
        } catch (EngineException e) {
            LOG.warn("cannot {}, id={} error={}", what, container.key().id(), e.getMessage());
        }
    }
}
