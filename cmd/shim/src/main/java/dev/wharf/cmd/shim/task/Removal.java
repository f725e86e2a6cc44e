package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.RootfsMounts;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.shim.ShimException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removing a container. The engine's part begins as soon as the container has ended, while the daemon is being told, and
 * is mostly done when the daemon asks for it.
 */
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final Container container;
    private final AtomicReference<@Nullable FutureTask<Boolean>> engine = new AtomicReference<>();

    Removal(Container container) {
        this.container = container;
    }

    /** Begins the engine's part. */
    void begin() {
        begun();
    }

    /** The engine's part as it is under way, or over. */
    private FutureTask<Boolean> begun() {
        FutureTask<Boolean> task = new FutureTask<>(this::deleteByEngine);
        FutureTask<Boolean> before = engine.compareAndExchange(null, task);
        if (before != null) {
            return before;
        }
        Thread.ofVirtual().start(task);
        return task;
    }

    private boolean deleteByEngine() {
        try {
            container.engine().delete(false, Limits.CLEANUP);
        } catch (EngineException e) {
            // As after a checkpoint, when the engine has removed it itself.
            if (!e.says("does not exist")) {
                throw e;
            }
        }
        return true;
    }

    /** Does what is left to do. Blocks until output is where it belongs, at most 10 s. */
    void complete() {
        drain(container.init());
        awaitEngine();
        if (container.init().pid() != 0 && container.init().exit().isEmpty()) {
            awaitEnd();
        }
        close();
        unmount();
    }

    /** What was begun before and has failed is tried once more: its reason may be over by now. */
    private void awaitEngine() {
        FutureTask<Boolean> early = engine.get();
        if (early != null) {
            try {
                await(early);
                return;
            } catch (ShimException e) {
                LOG.warn(
                        "an engine's removal is tried again, id={} error={}",
                        container.key().id(),
                        e.getMessage());
            }
        }
        await(begun());
    }

    private void await(FutureTask<Boolean> task) {
        try {
            task.get(Limits.CLEANUP.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            engine.compareAndSet(task, null);
            throw new ShimException(
                    ShimException.Code.UNKNOWN, "failed to delete task: " + message(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new ShimException(ShimException.Code.DEADLINE_EXCEEDED, "failed to delete task: engine hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String message(@Nullable Throwable cause) {
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /** One that was made and never started is killed by the engine's removal. */
    private void awaitEnd() {
        try {
            if (!container.init().await(Limits.END)) {
                LOG.warn(
                        "a removed container has not ended, id={}",
                        container.key().id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void drain(TaskProcess process) {
        try {
            if (!process.io().awaitDrained(Limits.DRAIN)) {
                LOG.warn("output was not taken in time, process={}", process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        container.life().execs().forEach(exec -> {
            exec.close();
            container.bundle().removeExec(exec.exec());
        });
        container.init().close();
    }

    private void unmount() {
        try {
            RootfsMounts.unmount(container.bundle());
        } catch (ErrnoException e) {
            throw new ShimException(ShimException.Code.UNKNOWN, "failed rootfs umount: " + e.getMessage(), e);
        }
    }
}
