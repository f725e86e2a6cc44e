package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.bundle.ContainerRecord.Phase;
import dev.wharf.cmd.shim.bundle.ContainerSpec;
import dev.wharf.cmd.shim.bundle.ProcessRecord;
import dev.wharf.cmd.shim.bundle.RootfsMounts;
import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.engine.ProcessFiles;
import dev.wharf.cmd.shim.sandbox.Sandbox;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.lib.linux.CgroupMoves;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Making a container: files of the bundle, root file system, streams, engine. What was done is undone when a later step
 * fails.
 */
final class Creation {
    private static final Logger LOG = LoggerFactory.getLogger(Creation.class);

    private final Platform platform;
    private final ContainerKey key;
    private final CreateTaskRequest request;
    private final Bundle bundle;
    private final Options options;
    private final Duration timeout;

    Creation(Platform platform, ContainerKey key, CreateTaskRequest request, Duration timeout) {
        this.platform = platform;
        this.key = key;
        this.request = request;
        this.bundle = new Bundle(java.nio.file.Path.of(request.getBundle()));
        this.options = RuntimeOptions.read(request.getOptions());
        this.timeout = timeout;
    }

    /** Moves this process into the control group that its first container names. Later ones find it where it is. */
    void placeShim() {
        String group = options.getShimCgroup();
        if (group.isEmpty()) {
            return;
        }
        try {
            ControlGroup.join(group);
        } catch (IOException e) {
            throw new ShimException(
                    ShimException.Code.UNKNOWN, "failed to join cgroup " + group + ": " + e.getMessage(), e);
        }
    }

    Container run() {
        CgroupMoves.expect();
        ContainerRecord record = record();
        Container container = new Container(platform, key, bundle, options, record);
        bundle.writeOptions(options);
        container.lasting().save();
        platform.bundles().add(key, bundle);
        try {
            mount();
            if (request.getCheckpoint().isEmpty()) {
                make(container);
            } else {
                container.init().setIo(openStreams(container.init()));
            }
            container.lasting().setPhase(Phase.CREATED);
            container.lasting().park(container.init());
            container.lasting().save();
            return container;
        } catch (RuntimeException e) {
            undo(container, e);
            throw e;
        }
    }

    private ContainerRecord record() {
        Stdio stdio = new Stdio(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
        ProcessRecord init = new ProcessRecord("", stdio, 0, false, Optional.empty(), false);
        return new ContainerRecord(
                key.namespace(),
                key.id(),
                Phase.CREATING,
                request.getCheckpoint(),
                request.getParentCheckpoint(),
                init,
                List.of());
    }

    private void mount() {
        if (request.getRootfsCount() == 0) {
            return;
        }
        bundle.makeRootfs();
        try {
            RootfsMounts.mount(request.getRootfsList(), bundle);
        } catch (ErrnoException | IllegalArgumentException | UncheckedIOException e) {
            throw new ShimException(
                    ShimException.Code.UNKNOWN, "failed to mount rootfs component: " + e.getMessage(), e);
        }
    }

    private void make(Container container) {
        adaptSpec(container);
        TaskProcess init = container.init();
        ProcessIo io = openStreams(init);
        init.setIo(io);
        container.lasting().parkTerminal(init);
        ProcessFiles files = new ProcessFiles(bundle.initPid(), io.console());
        container.engine().create(bundle.directory(), files, io.streams(), timeout);
        adopt(container);
    }

    /** Takes over the process that the engine has made. */
    static void adopt(Container container) {
        TaskProcess init = container.init();
        init.io().started();
        int pid = Bundle.readPid(container.bundle().initPid());
        init.made(Pidfd.open(pid), pid);
    }

    /** Changes the configuration where engine or sandbox ask for it; reads it only then. */
    private void adaptSpec(Container container) {
        Optional<Sandbox> sandbox = platform.sandboxes().of(key, bundle);
        if (sandbox.isEmpty() && container.engine().takesAnyVersion() && !ContainerSpec.mayHaveSocketMounts(bundle)) {
            return;
        }
        ContainerSpec spec = readSpec();
        boolean changed = spec.bindSockets();
        Optional<String> version = container.engine().adaptedVersion(spec.version());
        version.ifPresent(adapted -> spec.json().with("ociVersion", adapted));
        sandbox.ifPresent(joined -> joined.admit(spec, key.id(), bundle));
        if (changed || version.isPresent() || sandbox.isPresent()) {
            spec.write(bundle);
        }
    }

    private ContainerSpec readSpec() {
        try {
            return ContainerSpec.read(bundle);
        } catch (IllegalArgumentException e) {
            throw ShimException.invalidArgument(bundle.config() + ": " + e.getMessage());
        }
    }

    private ProcessIo openStreams(TaskProcess process) {
        return ExecStart.openStreams(platform, key.namespace(), key.id(), process, options, timeout);
    }

    private void undo(Container container, RuntimeException cause) {
        try {
            container.init().close();
            if (!(cause instanceof ShimException)) {
                container.engine().delete(true, Limits.CLEANUP);
            }
        } catch (EngineException e) {
            LOG.debug("nothing of the failed container to remove, id={} answer={}", key.id(), e.getMessage());
        } finally {
            unmount();
            container.lasting().forget();
        }
    }

    private void unmount() {
        if (request.getRootfsCount() == 0) {
            return;
        }
        try {
            RootfsMounts.unmount(bundle);
        } catch (ErrnoException e) {
            LOG.warn("cannot take the root file system of a failed container off, id={}", key.id(), e);
        }
    }
}
