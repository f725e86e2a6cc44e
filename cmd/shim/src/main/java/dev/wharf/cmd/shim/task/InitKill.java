package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.ContainerSpec;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.ShimException;
import java.time.Duration;

/**
 * Sending a signal to the first process of a container, or to all. Where the engine runs processes of this kernel and
 * would do no more than send it, it is sent directly.
 */
final class InitKill {
    private final Container container;
    private final Duration timeout;

    InitKill(Container container, Duration timeout) {
        this.container = container;
        this.timeout = timeout;
    }

    void run(int signal, boolean all) {
        ContainerState state = container.life().state();
        if (state == ContainerState.DELETED) {
            throw ShimException.notFound("cannot kill a deleted process");
        }
        if (state == ContainerState.STOPPED) {
            throw ShimException.notFound("process already finished");
        }
        if (isDirect(state, signal, all)) {
            container.init().signal(signal);
        } else {
            byEngine(signal, all);
        }
    }

    /** A frozen one has to be thawed for it, which engines do. */
    private boolean isDirect(ContainerState state, int signal, boolean all) {
        boolean reachesAll = !all || signal == Signal.SIGKILL.number() && hasOwnPidNamespace();
        return state != ContainerState.PAUSED
                && container.init().pid() != 0
                && reachesAll
                && container.engine().sharesKernel();
    }

    private boolean hasOwnPidNamespace() {
        try {
            return ContainerSpec.read(container.bundle()).hasOwnPidNamespace();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void byEngine(int signal, boolean all) {
        try {
            container.engine().kill(signal, all, timeout);
        } catch (EngineException e) {
            throw failure(e);
        }
    }

    private static ShimException failure(EngineException e) {
        if (e.says("process already finished") || e.says("container not running") || e.says("no such process")) {
            return ShimException.notFound("process already finished");
        }
        if (e.says("does not exist")) {
            return ShimException.notFound("no such container");
        }
        return new ShimException(ShimException.Code.UNKNOWN, "unknown error after kill: " + e.getMessage(), e);
    }
}
