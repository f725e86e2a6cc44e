package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.bundle.ContainerRecord.Phase;
import dev.wharf.cmd.shim.bundle.RootfsMounts;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.hold.DescriptorStore;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.cmd.shim.stdio.Streams;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Pidfd;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Going on with the container of a process of this program that is gone. One that was being made is removed; what its
 * engine was doing otherwise is waited for.
 */
final class TakeBack {
    private static final Logger LOG = LoggerFactory.getLogger(TakeBack.class);

    private final Platform platform;
    private final BundleIndex.Entry entry;
    private final Map<String, Fd> parked;

    /** What was parked for the container, by what follows its own prefix; owned here. */
    TakeBack(Platform platform, BundleIndex.Entry entry, Map<String, Fd> parked) {
        this.platform = platform;
        this.entry = entry;
        this.parked = parked;
    }

    /** The container, or nothing when it is not there any more. */
    Optional<Container> run() {
        Bundle bundle = entry.bundle();
        EngineRemains.of(bundle).end();
        Optional<ContainerRecord> record = readState(bundle);
        if (record.isEmpty()) {
            platform.bundles().remove(entry.key());
            closeRest();
            return Optional.empty();
        }
        Options options = bundle.readOptions().orElse(Options.getDefaultInstance());
        Container container = new Container(platform, entry.key(), bundle, options, record.get());
        if (record.get().phase() == Phase.CREATING) {
            abandon(container);
            closeRest();
            return Optional.empty();
        }
        container.lasting().setPhase(Phase.CREATED);
        goOn(container);
        closeRest();
        return Optional.of(container);
    }

    private static Optional<ContainerRecord> readState(Bundle bundle) {
        try {
            return bundle.readState();
        } catch (RuntimeException e) {
            LOG.error("the state of a container cannot be read, bundle={}", bundle.directory(), e);
            return Optional.empty();
        }
    }

    private static void abandon(Container container) {
        try {
            container.engine().delete(true, Limits.CLEANUP);
        } catch (EngineException e) {
            LOG.debug(
                    "nothing of a half made container to remove, id={}",
                    container.key().id());
        }
        try {
            RootfsMounts.unmount(container.bundle());
        } catch (ErrnoException e) {
            LOG.warn(
                    "cannot take a root file system off, id={}", container.key().id(), e);
        }
        container.lasting().forget();
    }

    private void goOn(Container container) {
        for (TaskProcess exec : container.life().execs()) {
            resume(container, exec);
            goOn(container, exec);
        }
        TaskProcess init = container.init();
        resume(container, init);
        if (init.exit().isPresent()) {
            container.life().setState(ContainerState.STOPPED);
            reportAgain(container, init, container.key().id(), init.exit().get());
            container.removal().begin();
        } else if (init.pid() != 0 || Files.exists(container.bundle().initPid())) {
            goOnInit(container);
        }
    }

    private void goOnInit(Container container) {
        TaskProcess init = container.init();
        adoptIfMissed(container, init);
        ContainerState state = stateByEngine(container);
        if (state != ContainerState.CREATED && !init.isStarted()) {
            init.markStarted();
            container.events().started(init.pid());
        }
        container.life().setState(state);
        container.lasting().save();
        if (init.pidfd().isPresent()) {
            container.watchMemory();
            container.ends().watchInit();
        } else {
            container.ends().initEnded(lost());
        }
    }

    /** What the engine has the container as; one that has ended counts as running until its end is told. */
    private static ContainerState stateByEngine(Container container) {
        try {
            return switch (container.engine().state(Limits.CLEANUP).string("status")) {
                case "created" -> ContainerState.CREATED;
                case "paused" -> ContainerState.PAUSED;
                default -> ContainerState.RUNNING;
            };
        } catch (EngineException | IllegalArgumentException e) {
            return ContainerState.RUNNING;
        }
    }

    private void goOn(Container container, TaskProcess exec) {
        if (exec.exit().isPresent()) {
            reportAgain(container, exec, exec.exec(), exec.exit().get());
            return;
        }
        boolean made = exec.pid() != 0 || Files.exists(container.bundle().execPid(exec.exec()));
        if (!made) {
            exec.io().close();
            container.lasting().unpark(exec);
            return;
        }
        container.life().noteRunning(exec);
        adoptIfMissed(container, exec);
        if (!exec.isStarted()) {
            exec.markStarted();
            container.events().execStarted(exec.exec(), exec.pid());
        }
        if (exec.pidfd().isPresent()) {
            container.ends().watch(exec);
        } else {
            container.ends().execEnded(exec, lost());
        }
    }

    private static void reportAgain(Container container, TaskProcess process, String id, Exit exit) {
        if (!process.isReported()) {
            container.ends().report(process, id, exit);
        }
    }

    /** Streams and descriptor of a process, of those that were parked. */
    private void resume(Container container, TaskProcess process) {
        Map<String, Fd> own = DescriptorStore.take(parked, process.exec() + "/");
        Fd pidfd = own.remove(TaskProcess.PIDFD);
        if (pidfd != null) {
            process.made(Pidfd.adopt(pidfd, process.pid()), process.pid());
        }
        process.setIo(platform.streams().resume(process.stdio(), own));
        container.lasting().followReleases(process);
        if (process.exit().isPresent()) {
            process.io().ended();
        }
    }

    /** A process whose making was not noted any more, or whose descriptor was not parked, is found by its pid. */
    private static void adoptIfMissed(Container container, TaskProcess process) {
        if (process.pidfd().isPresent()) {
            return;
        }
        Bundle bundle = container.bundle();
        try {
            int pid = Bundle.readPid(process.exec().isEmpty() ? bundle.initPid() : bundle.execPid(process.exec()));
            if (EngineRemains.isStartedAfter(pid, bundle.config())) {
                process.made(Pidfd.open(pid), pid);
                container.lasting().park(process);
            }
        } catch (RuntimeException e) {
            LOG.warn("a process is gone, id={} exec={}", container.key().id(), process.exec());
        }
    }

    private Exit lost() {
        return new Exit(Exit.UNKNOWN, platform.context().clock().instant());
    }

    private void closeRest() {
        parked.forEach((name, fd) -> {
            if (name.endsWith(ProcessIo.CONSOLE)) {
                Streams.removeConsole(fd);
            } else {
                fd.close();
            }
        });
        parked.clear();
    }
}
