package dev.wharf.shim.command;

import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import dev.wharf.shim.DeleteCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the process that serves a container to end and remove it. */
final class LiveShim {
    private static final Logger LOG = LoggerFactory.getLogger(LiveShim.class);

    /** Daemons give the action five seconds: what is left must do for removing the container by its bundle. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private LiveShim() {}

    /** How the container ended; empty where this process does not know it or fails to remove it. */
    static Optional<DeleteResponse> delete(Path socket, DeleteCall call) {
        try (TtrpcChannel channel = TtrpcChannel.connect(socket, TIMEOUT)) {
            return delete(stub(channel, call.namespace()), call);
        } catch (IOException | StatusRuntimeException e) {
            LOG.debug("the serving process does not remove the container id={} reason={}", call.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private static TaskGrpc.TaskBlockingStub stub(TtrpcChannel channel, String namespace) {
        Metadata headers = new Metadata();
        headers.put(NAMESPACE, namespace);
        return TaskGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Optional<DeleteResponse> delete(TaskGrpc.TaskBlockingStub tasks, DeleteCall call) {
        String bundle =
                tasks.state(StateRequest.newBuilder().setId(call.id()).build()).getBundle();
        if (!Path.of(bundle).equals(call.bundle())) {
            return Optional.empty();
        }
        kill(tasks, call.id());
        tasks.wait(WaitRequest.newBuilder().setId(call.id()).build());
        return Optional.of(
                tasks.delete(DeleteRequest.newBuilder().setId(call.id()).build()));
    }

    private static void kill(TaskGrpc.TaskBlockingStub tasks, String id) {
        try {
            tasks.kill(KillRequest.newBuilder()
                    .setId(id)
                    .setSignal(Signal.SIGKILL.number())
                    .setAll(true)
                    .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }
}
