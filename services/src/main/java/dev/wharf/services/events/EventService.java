package dev.wharf.services.events;

import com.google.protobuf.Empty;
import dev.wharf.api.services.events.v1.EventsGrpc;
import dev.wharf.api.services.events.v1.ForwardRequest;
import dev.wharf.api.services.events.v1.PublishRequest;
import dev.wharf.api.services.events.v1.SubscribeRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.EventBus;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.MessageStream;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.EventCodec;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Takes events of clients and gives them all that happens. */
public final class EventService extends EventsGrpc.EventsImplBase {
    /** How long one look at a quiet subscription lasts; a client that goes ends it at once. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final EventBus bus;

    /** A service over a bus. */
    public EventService(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response, () -> bus.publish(namespace(), request.getTopic(), EventCodec.decode(request.getEvent())));
    }

    private static String namespace() {
        try {
            return Requests.context().namespace();
        } catch (WharfException e) {
            throw e.during("failed publishing event");
        }
    }

    @Override
    public void forward(ForwardRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> bus.forward(EventCodec.decode(request.getEnvelope())));
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<Envelope> response) {
        Calls.stream(response, stream -> {
            try (EventBus.Subscription events = bus.subscribe(request.getFiltersList())) {
                stream.onCancel(events::close);
                send(events, stream);
            }
        });
    }

    /** Never returns: the client's going, a lost event or the end of the bus is thrown. */
    private static void send(EventBus.Subscription events, MessageStream<Envelope> stream) throws InterruptedException {
        while (true) {
            dev.wharf.core.events.Envelope next = events.next(LOOK);
            if (next != null) {
                stream.send(EventCodec.encode(next));
            }
        }
    }
}
