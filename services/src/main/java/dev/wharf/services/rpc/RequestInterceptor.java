package dev.wharf.services.rpc;

import dev.wharf.core.context.Context.Deadline;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes namespace, lease and deadline from a call's headers, where {@link Requests} finds them, and logs the call at
 * debug level. A namespace may come by the header of gRPC or of ttRPC, whatever the transport.
 */
public final class RequestInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RequestInterceptor.class);
    private static final Metadata.Key<String> NAMESPACE = key("containerd-namespace");
    private static final Metadata.Key<String> NAMESPACE_TTRPC = key("containerd-namespace-ttrpc");
    private static final Metadata.Key<String> LEASE = key("containerd-lease");

    private final InstantSource clock;

    /** An interceptor that tells deadlines by {@code clock}. */
    public RequestInterceptor(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Requests.Headers request = headers(headers);
        Context context = Context.current().withValue(Requests.HEADERS, request);
        ServerCall<Q, A> seen = LOG.isDebugEnabled() ? new Logged<>(call, request, clock) : call;
        return Contexts.interceptCall(context, seen, headers, next);
    }

    private Requests.Headers headers(Metadata headers) {
        String namespace = first(headers, NAMESPACE);
        return new Requests.Headers(
                namespace == null ? first(headers, NAMESPACE_TTRPC) : namespace, first(headers, LEASE), deadline());
    }

    private @Nullable Deadline deadline() {
        io.grpc.Deadline deadline = Context.current().getDeadline();
        return deadline == null
                ? null
                : Deadline.after(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)), clock);
    }

    /** The first value, as containerd takes it; an empty one counts as none. */
    private static @Nullable String first(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> values = headers.getAll(key);
        if (values == null) {
            return null;
        }
        String value = values.iterator().next();
        return value.isEmpty() ? null : value;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** A call that logs its end. */
    private static final class Logged<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Requests.Headers request;
        private final InstantSource clock;
        private final Instant began;

        Logged(ServerCall<Q, A> call, Requests.Headers request, InstantSource clock) {
            super(call);
            this.request = request;
            this.clock = clock;
            this.began = clock.instant();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            LOG.atDebug()
                    .addKeyValue("method", getMethodDescriptor().getFullMethodName())
                    .addKeyValue("namespace", request.namespace())
                    .addKeyValue("code", status.getCode())
                    .addKeyValue("text", status.getDescription())
                    .addKeyValue("took", Duration.between(began, clock.instant()))
                    .log("request answered");
            super.close(status, trailers);
        }
    }
}
