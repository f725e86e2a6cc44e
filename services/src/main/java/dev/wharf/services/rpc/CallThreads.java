package dev.wharf.services.rpc;

import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.version.v1.VersionGrpc;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On which thread a gRPC server handles a call. The server's own executor must be {@link #READER}, and this be called
 * before all other interceptors.
 *
 * <p>The thread that read a call from the socket handles it where the method never waits, which halves the time of a
 * small call. Who waits on that thread keeps other clients waiting: all other methods are called on one of
 * {@code waiting}. A call of one request and one answer gets there only once its request is complete; each part of it
 * would otherwise wake a thread.
 */
public record CallThreads(Executor waiting) implements ServerCallExecutorSupplier, ServerInterceptor {
    /** Runs what it is given in the calling thread. */
    public static final Executor READER = Runnable::run;

    private static final Logger LOG = LoggerFactory.getLogger(CallThreads.class);

    /** Those that answer by {@link Calls#answerAtOnce} or have nothing to wait for. */
    private static final Set<MethodDescriptor<?, ?>> PROMPT =
            Set.of(VersionGrpc.getVersionMethod(), ContainersGrpc.getGetMethod(), ImagesGrpc.getGetMethod());

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
        return isUnary(call) ? READER : waiting;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        return isUnary(call) && !PROMPT.contains(call.getMethodDescriptor())
                ? new Handing<>(listener, call, waiting)
                : listener;
    }

    private static boolean isUnary(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getType() == MethodType.UNARY;
    }

    /** Hands a call whose request is complete to another thread. */
    private static final class Handing<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private final Executor waiting;

        Handing(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call, Executor waiting) {
            super(listener);
            this.call = call;
            this.waiting = waiting;
        }

        @Override
        public void onHalfClose() {
            waiting.execute(Context.current().wrap(this::handle));
        }

        // The root of the thread: a failure that a service did not make an answer of ends the call.
        private void handle() {
            try {
                super.onHalfClose();
            } catch (Throwable failure) {
                end(failure);
            }
        }

        private void end(Throwable failure) {
            try {
                call.close(Calls.status(failure).getStatus(), new Metadata());
            } catch (IllegalStateException closed) {
                LOG.debug("the call had ended when its service failed", closed);
            }
        }
    }
}
