package dev.wharf.cmd.shim.task;

import com.google.protobuf.Timestamp;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerRecord;
import dev.wharf.cmd.shim.bundle.RootfsMounts;
import dev.wharf.cmd.shim.engine.Engine;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.engine.EngineKinds;
import dev.wharf.cmd.shim.engine.EngineOptions;
import dev.wharf.cmd.shim.engine.EngineRunner;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.sandbox.SandboxRemains;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.DeleteCall;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ending and removing a container that no living shim serves, by what is in its bundle. */
final class Deletion {
    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);
    private static final int KILLED = Exit.SIGNALLED + Signal.SIGKILL.number();

    private final EngineRunner runner;
    private final EngineKinds kinds;
    private final DeleteCall call;
    private final Bundle bundle;

    Deletion(EngineRunner runner, EngineKinds kinds, DeleteCall call) {
        this.runner = runner;
        this.kinds = kinds;
        this.call = call;
        this.bundle = new Bundle(call.bundle());
    }

    DeleteResponse run() {
        read(() -> SandboxRemains.of(bundle)).ifPresent(this::endSandbox);
        Optional<ContainerRecord> record = read(bundle::readState);
        remove(call.id(), bundle);
        return response(record.flatMap(found -> found.init().exit()));
    }

    private void endSandbox(SandboxRemains sandbox) {
        sandbox.members().stream()
                .filter(member -> Files.isDirectory(member.bundle()))
                .forEach(member -> remove(member.id(), new Bundle(member.bundle())));
        sandbox.end(bundle);
    }

    private void remove(String id, Bundle container) {
        EngineRemains.of(container).end();
        Options options = read(container::readOptions).orElse(Options.getDefaultInstance());
        Engine engine = new Engine(runner, kinds, EngineOptions.of(options, call.namespace()), container.log(), id);
        try {
            engine.delete(true, Limits.CLEANUP);
        } catch (EngineException e) {
            LOG.warn("failed to remove the container, id={} error={}", id, e.getMessage());
        }
        try {
            RootfsMounts.unmount(container);
        } catch (ErrnoException e) {
            LOG.warn("failed to take the root file system off, id={} error={}", id, e.getMessage());
        }
        container.removeState();
    }

    private DeleteResponse response(Optional<Exit> exit) {
        Instant at = exit.map(Exit::at).orElseGet(Instant::now);
        return DeleteResponse.newBuilder()
                .setPid(pid())
                .setExitStatus(exit.map(Exit::status).orElse(KILLED))
                .setExitedAt(
                        Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
                .build();
    }

    private int pid() {
        try {
            return Bundle.readPid(bundle.initPid());
        } catch (RuntimeException e) {
            return 0;
        }
    }

    private static <T> Optional<T> read(Supplier<Optional<T>> file) {
        try {
            return file.get();
        } catch (RuntimeException e) {
            LOG.warn("a file of the bundle cannot be read, error={}", e.getMessage());
            return Optional.empty();
        }
    }
}
