package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The task service of a shim for one container: over a connection of its own, or over one for many containers. */
final class TaskClient implements AutoCloseable {
    /** Stands for no deadline in calls that wait as long as a process lives. */
    static final Duration UNLIMITED = Duration.ZERO;

    private static final Logger LOG = LoggerFactory.getLogger(TaskClient.class);
    private static final ThreadFactory VIRTUAL =
            Thread.ofVirtual().name("shim-client").factory();

    private final @Nullable TtrpcChannel channel;

    /** What {@link #channel} is part of, when it is that of other containers too. */
    private final @Nullable SharedConnection shared;

    private final String namespace;
    private final String id;
    private volatile int version;
    private volatile boolean left;

    private TaskClient(
            @Nullable TtrpcChannel channel,
            @Nullable SharedConnection shared,
            String namespace,
            String id,
            int version) {
        this.channel = channel;
        this.shared = shared;
        this.namespace = namespace;
        this.id = id;
        this.version = version;
    }

    /** Connects; {@code UNAVAILABLE} when nobody listens, {@code NOT_IMPLEMENTED} for an address of another kind. */
    static TaskClient connect(ShimEndpoint endpoint, String namespace, String id, Duration timeout) {
        try {
            return new TaskClient(channel(endpoint, timeout), null, namespace, id, endpoint.version());
        } catch (IOException e) {
            throw ErrorKind.UNAVAILABLE.of("the shim of task " + id + " cannot be reached: " + e.getMessage(), e);
        }
    }

    /** Connects for any number of containers; {@code UNAVAILABLE} when nobody listens. */
    static SharedConnection share(ShimEndpoint endpoint, Duration timeout) {
        try {
            return new SharedConnection(channel(endpoint, timeout));
        } catch (IOException e) {
            throw ErrorKind.UNAVAILABLE.of(
                    "the shim at " + endpoint.address() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static TtrpcChannel channel(ShimEndpoint endpoint, Duration timeout) throws IOException {
        return TtrpcChannel.connect(endpoint.connectable(), timeout, VIRTUAL);
    }

    /** Uses a connection that other containers use too. */
    static TaskClient over(SharedConnection shared, ShimEndpoint endpoint, String namespace, String id) {
        return new TaskClient(shared.channel(), shared, namespace, id, endpoint.version());
    }

    /** A connection that has ended already, for a shim that was found dead. */
    static TaskClient none(String namespace, String id) {
        return new TaskClient(null, null, namespace, id, ShimEndpoint.OLDEST);
    }

    /** Calls a method, waiting at most {@code within}. */
    <R> R call(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        if (channel == null || left) {
            throw ErrorKind.UNAVAILABLE.of("the shim of task " + id + " is gone");
        }
        TaskGrpc.TaskBlockingStub stub = TaskGrpc.newBlockingStub(new TaskServiceChannel(channel, namespace, version));
        try {
            return method.apply(
                    within.equals(UNLIMITED) ? stub : stub.withDeadlineAfter(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException e) {
            throw ShimErrors.of(e, rpc, id, within);
        }
    }

    /** The same for a call that cleans up: that nobody waits for the answer of the caller any more does not end it. */
    <R> R callDetached(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        Context caller = Context.ROOT.attach();
        try {
            return call(rpc, within, method);
        } finally {
            Context.ROOT.detach(caller);
        }
    }

    /**
     * The same for the first call of a connection, repeated with version 2 when the shim turns out not to know version
     * 3: a shim of 1.7 that still runs is announced as version 3 by a newer binary.
     */
    <R> R callAnyVersion(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        try {
            return call(rpc, within, method);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.NOT_IMPLEMENTED || version <= ShimEndpoint.OLDEST) {
                throw e;
            }
            LOG.warn("shim knows no newer task service than version {} id={}", ShimEndpoint.OLDEST, id);
            version = ShimEndpoint.OLDEST;
            return call(rpc, within, method);
        }
    }

    /** Whether the connection has ended, for this container at least. */
    boolean isClosed() {
        return channel == null || left || channel.isClosed();
    }

    /**
     * Runs a hook, one for each client, once on a thread of its own when the connection has ended for reasons of its own
     * or the shim's.
     */
    void onClose(Runnable hook) {
        if (shared != null) {
            shared.onClose(this, hook);
        } else if (channel != null) {
            channel.onClose(hook);
        }
    }

    @Override
    public void close() {
        left = true;
        if (shared != null) {
            shared.forget(this);
        } else if (channel != null) {
            channel.close();
        }
    }
}
