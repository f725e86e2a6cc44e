package dev.wharf.shim.testing;

import com.google.protobuf.Empty;
import dev.wharf.api.services.events.ttrpc.v1.EventsGrpc;
import dev.wharf.api.services.events.ttrpc.v1.ForwardRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.lib.ttrpc.TtrpcServer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The daemon's socket for events: keeps what shims forward. Can be stopped and started again. */
final class FakeDaemon implements AutoCloseable {
    private final Path socket;
    private final List<Envelope> received = new CopyOnWriteArrayList<>();
    private volatile Predicate<Envelope> refuses = _ -> false;
    private TtrpcServer server;

    FakeDaemon(Path socket) throws IOException {
        this.socket = socket;
        server = listen();
    }

    private TtrpcServer listen() throws IOException {
        TtrpcServer made = TtrpcServer.builder().add(new Events()).build();
        made.listen(socket, PosixFilePermissions.fromString("rw-------"));
        return made;
    }

    Path socket() {
        return socket;
    }

    void refuse(Predicate<Envelope> which) {
        refuses = which;
    }

    void stop() {
        server.close();
    }

    void restart() throws IOException {
        server = listen();
    }

    List<Envelope> received() {
        return List.copyOf(received);
    }

    /** Topics of one container's events in the order they came, told apart by the id in the message. */
    List<String> topics(String container) {
        return received.stream()
                .filter(envelope ->
                        envelope.getEvent().getValue().toStringUtf8().contains(container))
                .map(Envelope::getTopic)
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Events extends EventsGrpc.EventsImplBase {
        @Override
        public void forward(ForwardRequest request, StreamObserver<Empty> observer) {
            if (refuses.test(request.getEnvelope())) {
                observer.onError(
                        Status.INVALID_ARGUMENT.withDescription("refused").asRuntimeException());
                return;
            }
            received.add(request.getEnvelope());
            observer.onNext(Empty.getDefaultInstance());
            observer.onCompleted();
        }
    }
}
