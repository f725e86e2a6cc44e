package dev.wharf.cmd.shim.task;

import dev.wharf.api.types.transfer.ContainerPath;
import dev.wharf.cmd.shim.transfer.ContainerRoot;
import dev.wharf.cmd.shim.transfer.Packing;
import dev.wharf.cmd.shim.transfer.Unpacking;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TransferService;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Copies files into and out of containers whose processes share this kernel, from their making to their end. */
final class ContainerTransfers implements TransferService {
    private final BiFunction<Call, String, Container> containers;
    private final Semaphore turns = new Semaphore(Limits.TRANSFERS);

    /** @param containers finds a container by its id; NOT_FOUND */
    ContainerTransfers(BiFunction<Call, String, Container> containers) {
        this.containers = containers;
    }

    @Override
    public void copyTo(Call call, ContainerPath destination, InputStream archive) throws InterruptedException {
        within(
                call,
                destination,
                root -> new Unpacking(root, destination.getPreserveOwnership()).run(destination.getPath(), archive));
    }

    @Override
    public void copyFrom(Call call, ContainerPath source, OutputStream archive) throws InterruptedException {
        within(call, source, root -> new Packing(root, !source.getNoWalk(), archive).run(source.getPath()));
    }

    private interface Copying {
        void in(ContainerRoot root) throws InterruptedException;
    }

    private void within(Call call, ContainerPath path, Copying copying) throws InterruptedException {
        Container container = container(call, path);
        inTurn(call, container.transfers(), () -> inTurn(call, turns, () -> onThread(container, copying)));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void inTurn(Call call, Semaphore turns, Work work) throws InterruptedException {
        if (!turns.tryAcquire(call.remaining(Limits.TURN).toNanos(), TimeUnit.NANOSECONDS)) {
            throw new ShimException(ShimException.Code.RESOURCE_EXHAUSTED, "too many transfers are under way");
        }
        try {
            work.run();
        } finally {
            turns.release();
        }
    }

    private Container container(Call call, ContainerPath path) {
        if (path.getPath().isEmpty() || path.getPath().indexOf('\0') >= 0) {
            throw ShimException.invalidArgument("not a path in a container: \"" + path.getPath() + "\"");
        }
        Container container = containers.apply(call, path.getContainerId());
        if (!container.engine().sharesKernel()) {
            throw ShimException.unimplemented("files of a container whose engine keeps them to itself");
        }
        return container;
    }

    /** Files block the thread that asks for them, for as long as a file system of the container's likes. */
    private static void onThread(Container container, Copying copying) throws InterruptedException {
        try {
            PlatformThread.call("transfer", () -> {
                try (ContainerRoot root = root(container)) {
                    copying.in(root);
                }
                return true;
            });
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a transfer throws no other exception", e);
        }
    }

    private static ContainerRoot root(Container container) {
        container
                .life()
                .require(
                        "copy files of",
                        "container",
                        ContainerState.CREATED,
                        ContainerState.RUNNING,
                        ContainerState.PAUSED);
        Pidfd init = container
                .init()
                .pidfd()
                .orElseThrow(
                        () -> ShimException.failedPrecondition("cannot copy files of a container without process"));
        try {
            return ContainerRoot.of(init);
        } catch (ErrnoException e) {
            throw new ShimException(
                    ShimException.Code.FAILED_PRECONDITION, "cannot copy files of the container: " + e.getMessage(), e);
        }
    }
}
