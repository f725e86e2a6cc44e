package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.cmd.shim.engine.ProcessFiles;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.cmd.shim.stdio.Streams;
import dev.wharf.lib.linux.CgroupMoves;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.ShimException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starting an added process. */
final class ExecStart {
    private static final Logger LOG = LoggerFactory.getLogger(ExecStart.class);

    private final Container container;
    private final TaskProcess exec;
    private final Duration timeout;

    ExecStart(Container container, TaskProcess exec, Duration timeout) {
        this.container = container;
        this.exec = exec;
        this.timeout = timeout;
    }

    /** Answers the pid. */
    int run() {
        container.life().beginStart(exec);
        CgroupMoves.expect();
        try {
            start();
        } catch (RuntimeException e) {
            exec.pidfd().ifPresent(ExecStart::kill);
            exec.io().close();
            container.lasting().unpark(exec);
            exec.release();
            container.ends().endOf(exec);
            throw e;
        }
        exec.markStarted();
        container.lasting().park(exec);
        container.lasting().save();
        container.events().execStarted(exec.exec(), exec.pid());
        container.ends().watch(exec);
        return exec.pid();
    }

    /** One that runs and whose terminal did not come is of no use. */
    private static void kill(Pidfd started) {
        try {
            started.sendSignal(Signal.SIGKILL.number());
        } catch (ErrnoException e) {
            LOG.debug("a process that failed has ended, pid={}", started.pid());
        }
    }

    private void start() {
        Bundle bundle = container.bundle();
        String id = exec.exec();
        ProcessIo io =
                openStreams(container.platform(), container.key().namespace(), id, exec, container.options(), timeout);
        exec.setIo(io);
        container.lasting().parkTerminal(exec);
        ProcessFiles files = new ProcessFiles(bundle.execPid(id), io.console());
        try {
            container.engine().exec(bundle.execProcess(id), bundle.execLog(id), files, io.streams(), timeout);
        } catch (EngineException e) {
            throw new ShimException(ShimException.Code.UNKNOWN, "OCI runtime exec failed: " + e.getMessage(), e);
        }
        int pid = Bundle.readPid(bundle.execPid(id));
        exec.made(Pidfd.open(pid), pid);
        io.started();
    }

    /** Opens the streams of a process, whose id a logger is told. */
    static ProcessIo openStreams(
            Platform platform, String namespace, String id, TaskProcess process, Options options, Duration timeout) {
        Streams.Owner owner = new Streams.Owner(namespace, id, options.getIoUid(), options.getIoGid());
        try {
            return platform.streams().open(process.stdio(), owner, timeout);
        } catch (ErrnoException | IllegalArgumentException | IllegalStateException e) {
            throw new ShimException(
                    ShimException.Code.UNKNOWN, "failed to create init process I/O: " + e.getMessage(), e);
        }
    }
}
