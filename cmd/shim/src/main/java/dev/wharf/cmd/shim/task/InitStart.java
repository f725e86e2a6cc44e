package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.engine.Checkpoint;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.engine.ProcessFiles;
import dev.wharf.shim.ShimException;
import java.time.Duration;

/** Starting the program of a made container, or all of one from its image. */
final class InitStart {
    private final Container container;
    private final Duration timeout;

    InitStart(Container container, Duration timeout) {
        this.container = container;
        this.timeout = timeout;
    }

    /** Answers the pid. */
    int run() {
        container.life().beginStart();
        boolean restored = !container.checkpoint().isEmpty();
        try {
            if (restored) {
                restore();
            } else {
                start();
            }
            TaskProcess init = container.init();
            init.markStarted();
            container.life().setState(ContainerState.RUNNING);
            container.lasting().save();
            container.events().started(init.pid());
            if (restored) {
                container.watchMemory();
                container.ends().watchInit();
            }
            return init.pid();
        } finally {
            container.ends().endStart();
        }
    }

    private void start() {
        try {
            container.engine().start(timeout);
        } catch (EngineException e) {
            throw new ShimException(ShimException.Code.UNKNOWN, "OCI runtime start failed: " + e.getMessage(), e);
        }
    }

    private void restore() {
        String work = container.options().getCriuWorkPath();
        Checkpoint image = Checkpoint.toRestore(
                container.checkpoint(),
                work.isEmpty() ? container.bundle().work().toString() : work,
                container.parentCheckpoint());
        TaskProcess init = container.init();
        ProcessFiles files =
                new ProcessFiles(container.bundle().initPid(), init.io().console());
        try {
            container
                    .engine()
                    .restore(
                            container.bundle().directory(),
                            image,
                            files,
                            init.io().streams(),
                            Limits.CHECKPOINT);
        } catch (EngineException e) {
            throw new ShimException(ShimException.Code.UNKNOWN, "OCI runtime restore failed: " + e.getMessage(), e);
        }
        Creation.adopt(container);
        container.lasting().park(init);
    }
}
