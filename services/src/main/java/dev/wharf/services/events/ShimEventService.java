package dev.wharf.services.events;

import com.google.protobuf.Empty;
import dev.wharf.api.services.events.ttrpc.v1.EventsGrpc;
import dev.wharf.api.services.events.ttrpc.v1.ForwardRequest;
import dev.wharf.core.events.EventBus;
import dev.wharf.services.rpc.Calls;
import dev.wharf.wire.EventCodec;
import io.grpc.stub.StreamObserver;

/** Takes the events of shims, which come over ttRPC. */
public final class ShimEventService extends EventsGrpc.EventsImplBase {
    private final EventBus bus;

    /** A service over a bus. */
    public ShimEventService(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public void forward(ForwardRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> bus.forward(EventCodec.decode(request.getEnvelope())));
    }
}
