package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.ProcessRecord;
import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.stdio.ProcessIo;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.shim.ShimException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process of a container: the first, or one that was added. What changes is written by its container alone, in the
 * order made, started, ended, reported; it may be read at any time.
 */
final class TaskProcess {
    /** Name under which its descriptor is parked. */
    static final String PIDFD = "pidfd";

    private final String exec;
    private final Stdio stdio;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile ProcessIo io = ProcessIo.NONE;
    private volatile @Nullable Pidfd pidfd;
    private volatile int pid;
    private volatile boolean started;
    private volatile boolean reported;
    private volatile @Nullable Exit exit;

    /** A process that is not made yet; the id of the first one is empty. */
    TaskProcess(String exec, Stdio stdio) {
        this.exec = exec;
        this.stdio = stdio;
    }

    /** One that another process of this program knew. */
    static TaskProcess of(ProcessRecord record) {
        TaskProcess process = new TaskProcess(record.exec(), record.stdio());
        process.pid = record.pid();
        process.started = record.started();
        process.reported = record.reported();
        process.exit = record.exit().orElse(null);
        if (record.exit().isPresent()) {
            process.over.countDown();
        }
        return process;
    }

    String exec() {
        return exec;
    }

    Stdio stdio() {
        return stdio;
    }

    ProcessIo io() {
        return io;
    }

    void setIo(ProcessIo now) {
        io = now;
    }

    /** It exists, with its descriptor, which this object owns from now on. */
    void made(Pidfd descriptor, int number) {
        pidfd = descriptor;
        pid = number;
    }

    Optional<Pidfd> pidfd() {
        return Optional.ofNullable(pidfd);
    }

    /** Its pid, 0 before it is made. */
    int pid() {
        return pid;
    }

    void markStarted() {
        started = true;
    }

    boolean isStarted() {
        return started;
    }

    /** It has ended; who waits for that is told by {@link #release}. */
    void end(Exit now) {
        exit = now;
        io.ended();
    }

    /** Lets go on who waits for its end, which was told to the daemon before, or which never started. */
    void release() {
        over.countDown();
    }

    void markReported() {
        reported = true;
    }

    boolean isReported() {
        return reported;
    }

    Optional<Exit> exit() {
        return Optional.ofNullable(exit);
    }

    int status() {
        return exit().map(Exit::status).orElse(0);
    }

    void await() throws InterruptedException {
        over.await();
    }

    /** False when the time was over before it ended. */
    boolean await(Duration timeout) throws InterruptedException {
        return over.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends a signal; NOT_FOUND when it has ended. */
    void signal(int signal) {
        Pidfd descriptor = pidfd;
        if (descriptor == null) {
            throw ShimException.failedPrecondition("process not created");
        }
        if (exit != null) {
            throw ShimException.notFound("process already finished");
        }
        try {
            descriptor.sendSignal(signal);
        } catch (ErrnoException e) {
            throw e.is(Errno.ESRCH)
                    ? ShimException.notFound("process already finished")
                    : new ShimException(ShimException.Code.UNKNOWN, "unknown error after kill: " + e.getMessage(), e);
        }
    }

    /** The descriptors by name without which another process of this program could not go on with it. */
    Map<String, Fd> lasting() {
        Map<String, Fd> lasting = new HashMap<>(io.lasting());
        Pidfd descriptor = pidfd;
        if (descriptor != null) {
            lasting.put(PIDFD, descriptor.fd());
        }
        return lasting;
    }

    ProcessRecord toRecord() {
        return new ProcessRecord(exec, stdio, pid, started, exit(), reported);
    }

    /** Gives up streams and descriptor. Blocks while a logger ends. */
    void close() {
        io.close();
        Pidfd descriptor = pidfd;
        if (descriptor != null) {
            descriptor.close();
        }
    }
}
