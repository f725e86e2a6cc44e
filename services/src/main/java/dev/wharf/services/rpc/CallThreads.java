package dev.wharf.services.rpc;

import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.version.v1.VersionGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * On which thread a gRPC server handles a call: the one that read it from the socket where the method never waits, which
 * halves the time of a small call; for all others one of {@code waiting}, because who waits on that thread keeps other
 * clients waiting. The server's own executor must be {@link #READER}.
 */
public record CallThreads(Executor waiting) implements ServerCallExecutorSupplier {
    /** Runs what it is given in the calling thread. */
    public static final Executor READER = Runnable::run;

    /** Those that answer by {@link Calls#answerAtOnce} or have nothing to wait for. */
    private static final Set<MethodDescriptor<?, ?>> PROMPT =
            Set.of(VersionGrpc.getVersionMethod(), ContainersGrpc.getGetMethod(), ImagesGrpc.getGetMethod());

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
        return PROMPT.contains(call.getMethodDescriptor()) ? READER : waiting;
    }
}
