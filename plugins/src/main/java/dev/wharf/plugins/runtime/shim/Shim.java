package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Exit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The shim of one container, as this daemon holds it: bundle, program, connection, and how far its life has come. */
final class Shim {
    private static final Duration RECONNECT_POLL = Duration.ofMillis(20);

    private final Bundle bundle;
    private final Optional<Path> binary;
    private final ShimEndpoint endpoint;
    private final ShimTimeouts timeouts;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
    private final AtomicReference<@Nullable Exit> initExit = new AtomicReference<>();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final AtomicBoolean logEnded = new AtomicBoolean();
    private final Runnable endLog;

    /** One deletion at a time; taken with a limit, and by deletions of this container alone. */
    private final Semaphore deletion = new Semaphore(1);

    private volatile TaskClient client;
    private volatile InitProcess init = InitProcess.NONE;

    /** How far the life of a shim has come. */
    enum Phase {
        /** Being created or taken over: whoever does that also cleans up. */
        NEW,
        /** In use. When its connection ends it is looked after. */
        LIVE,
        /** Found dead and being cleaned up. */
        DEAD,
        /** Dead, but its container could not be ended: everything is kept, and tried again by a deletion. */
        STUCK,
        /** Deleted. */
        RELEASED,
        /** Left running by a daemon that stops. */
        LEFT
    }

    Shim(
            Bundle bundle,
            Optional<Path> binary,
            ShimEndpoint endpoint,
            TaskClient client,
            ShimTimeouts timeouts,
            Runnable endLog) {
        this.bundle = bundle;
        this.binary = binary;
        this.endpoint = endpoint;
        this.client = client;
        this.timeouts = timeouts;
        this.endLog = endLog;
    }

    Bundle bundle() {
        return bundle;
    }

    String namespace() {
        return bundle.namespace();
    }

    String id() {
        return bundle.id();
    }

    Optional<Path> binary() {
        return binary;
    }

    ShimEndpoint endpoint() {
        return endpoint;
    }

    ShimTimeouts timeouts() {
        return timeouts;
    }

    TaskClient client() {
        return client;
    }

    /** Replaces a connection that was lost. */
    void reconnected(TaskClient again) {
        client = again;
    }

    InitProcess init() {
        return init;
    }

    /** Learns the first process, which runs now. */
    void initIs(int pid) {
        if (pid > 0 && pid != init.pid()) {
            init = new InitProcess(pid, Instant.now());
        }
    }

    /** Takes over what the bundle says of the first process. */
    void initFromBundle() {
        if (init.pid() == 0) {
            init = bundle.init();
        }
    }

    /** Calls the shim within the time left of the request, at most that of {@link ShimTimeouts#call}. */
    <R> R call(Context ctx, String rpc, Function<TaskGrpc.TaskBlockingStub, R> method) {
        return call(rpc, ctx.remaining(timeouts.call()), method);
    }

    /** Calls the shim; when it is just being started again, the one that takes the container back. */
    <R> R call(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        return reachable(within).call(rpc, within, method);
    }

    /**
     * The same for a call that may come twice without harm: it is made again when the shim dies meanwhile and another
     * one takes the container back.
     */
    <R> R repeatable(Context ctx, String rpc, Function<TaskGrpc.TaskBlockingStub, R> method) {
        return repeatable(rpc, ctx.remaining(timeouts.call()), method);
    }

    <R> R repeatable(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        TaskClient used = reachable(within);
        try {
            return used.call(rpc, within, method);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE || !awaitReplacement(used, within)) {
                throw e;
            }
            return call(rpc, within, method);
        }
    }

    private TaskClient reachable(Duration within) {
        TaskClient current = client;
        if (current.isClosed()) {
            awaitReplacement(current, within);
        }
        return client;
    }

    /** Waits for another connection than a lost one, as long as one is to be expected; tells whether there is one. */
    boolean awaitReplacement(TaskClient lost, Duration within) {
        if (!bundle.isTakenBack()) {
            return client != lost;
        }
        long until =
                System.nanoTime() + Math.min(within.toNanos(), timeouts.start().toNanos());
        try {
            while (client == lost && phase() == Phase.LIVE && System.nanoTime() < until) {
                Thread.sleep(RECONNECT_POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("waiting for the shim of task " + id());
        }
        return client != lost;
    }

    Phase phase() {
        return Objects.requireNonNull(phase.get());
    }

    /** Goes from one phase to another, unless another thread changed it first. */
    boolean advance(Phase from, Phase to) {
        return phase.compareAndSet(from, to);
    }

    void set(Phase to) {
        phase.set(to);
    }

    /** Remembers how the first process ended, in the words of the living shim. */
    void rememberExit(Exit exit) {
        initExit.compareAndSet(null, exit);
    }

    /** How the first process ended, if that is known here. */
    Optional<Exit> knownExit() {
        return Optional.ofNullable(initExit.get());
    }

    /** Says that nothing is left of it. */
    void markGone() {
        gone.countDown();
    }

    /** Waits until nothing is left of it; tells whether that is so. */
    boolean awaitGone(Duration timeout) {
        try {
            return gone.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("waiting for the end of task " + id());
        }
    }

    /** Takes the turn to delete it; {@code DEADLINE_EXCEEDED} when another deletion takes too long. */
    void beginDeletion(Duration timeout) {
        try {
            if (!deletion.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ErrorKind.DEADLINE_EXCEEDED.of("another deletion of task " + id() + " is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WharfException(ErrorKind.CANCELLED, "deletion of task " + id() + " was interrupted", e);
        }
    }

    void endDeletion() {
        deletion.release();
    }

    /** Closes connection and log; the process goes on. */
    void disconnect() {
        client.close();
        if (logEnded.compareAndSet(false, true)) {
            endLog.run();
        }
    }
}
