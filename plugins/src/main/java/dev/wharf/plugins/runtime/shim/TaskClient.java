package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the task service of a shim, for one container. */
final class TaskClient implements AutoCloseable {
    /** Stands for no deadline in calls that wait as long as a process lives. */
    static final Duration UNLIMITED = Duration.ZERO;

    private static final Logger LOG = LoggerFactory.getLogger(TaskClient.class);
    private static final ThreadFactory VIRTUAL =
            Thread.ofVirtual().name("shim-client").factory();

    /** By which a shim that serves several namespaces tells them apart. */
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private final @Nullable TtrpcChannel channel;
    private final Metadata headers = new Metadata();
    private final String id;
    private volatile int version;

    private TaskClient(@Nullable TtrpcChannel channel, String namespace, String id, int version) {
        this.channel = channel;
        headers.put(NAMESPACE, namespace);
        this.id = id;
        this.version = version;
    }

    /** Connects; {@code UNAVAILABLE} when nobody listens, {@code NOT_IMPLEMENTED} for an address of another kind. */
    static TaskClient connect(ShimEndpoint endpoint, Bundle bundle, Duration timeout) {
        String id = bundle.id();
        try {
            TtrpcChannel channel = TtrpcChannel.connect(endpoint.connectable(), timeout, VIRTUAL);
            return new TaskClient(channel, bundle.namespace(), id, endpoint.version());
        } catch (IOException e) {
            throw ErrorKind.UNAVAILABLE.of("the shim of task " + id + " cannot be reached: " + e.getMessage(), e);
        }
    }

    /** A connection that has ended already, for a shim that was found dead. */
    static TaskClient none(String id) {
        return new TaskClient(null, "", id, ShimEndpoint.OLDEST);
    }

    /** Calls a method, waiting at most {@code within}. */
    <R> R call(String rpc, Duration within, Function<TaskGrpc.TaskBlockingStub, R> method) {
        if (channel == null) {
            throw ErrorKind.UNAVAILABLE.of("the shim of task " + id + " is gone");
        }
        TaskGrpc.TaskBlockingStub stub = TaskGrpc.newBlockingStub(new TaskServiceChannel(channel, version))
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        try {
            return method.apply(
                    within.equals(UNLIMITED) ? stub : stub.withDeadlineAfter(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException e) {
            throw ShimErrors.of(e, rpc, id, within);
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

    /** Whether the connection has ended. */
    boolean isClosed() {
        return channel == null || channel.isClosed();
    }

    /** Runs the hook once, on a thread of its own, when the connection has ended. */
    void onClose(Runnable hook) {
        if (channel != null) {
            channel.onClose(hook);
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
    }
}
