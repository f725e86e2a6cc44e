package dev.wharf.services.events;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.wharf.api.events.TaskOOM;
import dev.wharf.api.services.events.v1.EventsGrpc;
import dev.wharf.api.services.events.v1.EventsGrpc.EventsBlockingStub;
import dev.wharf.api.services.events.v1.ForwardRequest;
import dev.wharf.api.services.events.v1.PublishRequest;
import dev.wharf.api.services.events.v1.SubscribeRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.services.testing.FakeEventBus;
import dev.wharf.services.testing.TestServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventServiceTest {
    private TestServer server;
    private FakeEventBus bus;
    private EventsBlockingStub events;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        bus = server.events;
        events = server.stub(EventsGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static SubscribeRequest filters(String... filters) {
        return SubscribeRequest.newBuilder()
                .addAllFilters(java.util.List.of(filters))
                .build();
    }

    private static Any oom(String id) {
        return Any.newBuilder()
                .setTypeUrl("containerd.events.TaskOOM")
                .setValue(TaskOOM.newBuilder().setContainerId(id).build().toByteString())
                .build();
    }

    private static Envelope.Builder envelope() {
        return Envelope.newBuilder()
                .setTimestamp(Timestamp.newBuilder().setSeconds(77))
                .setNamespace("other")
                .setTopic("/tasks/oom")
                .setEvent(oom("c"));
    }

    @Test
    void publishAddsTheNamespace() {
        events.publish(PublishRequest.newBuilder()
                .setTopic("/tasks/oom")
                .setEvent(oom("c"))
                .build());

        assertThat(bus.published)
                .containsExactly(new dev.wharf.core.events.Envelope(
                        FakeEventBus.NOW, "test", "/tasks/oom", new Event.TaskOom("c")));
    }

    @Test
    void publishNeedsANamespace() {
        refused(
                Status.Code.FAILED_PRECONDITION,
                "failed publishing event: namespace is required: failed precondition",
                () -> server.bare(EventsGrpc::newBlockingStub).publish(PublishRequest.getDefaultInstance()));
    }

    @Test
    void publishOfABadTopicIsRefused() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "must start with '/': invalid argument",
                () -> events.publish(PublishRequest.newBuilder().setTopic("x").build()));
    }

    @Test
    void forwardKeepsTheEnvelopeAndNeedsNoNamespace() {
        server.bare(EventsGrpc::newBlockingStub)
                .forward(ForwardRequest.newBuilder().setEnvelope(envelope()).build());

        assertThat(bus.published)
                .containsExactly(new dev.wharf.core.events.Envelope(
                        Instant.ofEpochSecond(77), "other", "/tasks/oom", new Event.TaskOom("c")));
    }

    @Test
    void forwardWithoutTimeIsRefused() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "timestamp must be set on forwarded event: invalid argument",
                () -> events.forward(ForwardRequest.newBuilder()
                        .setEnvelope(envelope().clearTimestamp())
                        .build()));
    }

    @Test
    void shimsForwardInTheirOwnService() {
        server.bare(dev.wharf.api.services.events.ttrpc.v1.EventsGrpc::newBlockingStub)
                .forward(dev.wharf.api.services.events.ttrpc.v1.ForwardRequest.newBuilder()
                        .setEnvelope(envelope())
                        .build());

        assertThat(bus.published).hasSize(1);
    }

    @Test
    void subscriberGetsWhatHappens() throws Exception {
        Iterator<Envelope> seen = server.bare(EventsGrpc::newBlockingStub).subscribe(filters());
        bus.awaitSubscribers(1);

        bus.publish("n", "/tasks/oom", new Event.TaskOom("c"));

        Envelope first = seen.next();
        assertThat(first.getTimestamp().getSeconds()).isEqualTo(FakeEventBus.NOW.getEpochSecond());
        assertThat(first.getNamespace()).isEqualTo("n");
        assertThat(first.getTopic()).isEqualTo("/tasks/oom");
        assertThat(first.getEvent()).isEqualTo(oom("c"));
    }

    @Test
    void filtersSeeTheFieldsOfForwardedEvents() throws Exception {
        Iterator<Envelope> seen = events.subscribe(filters("event.container_id==wanted", "topic~=|^/made|"));
        bus.awaitSubscribers(1);

        events.forward(ForwardRequest.newBuilder()
                .setEnvelope(envelope().setEvent(oom("other")))
                .build());
        events.forward(ForwardRequest.newBuilder()
                .setEnvelope(envelope().setEvent(oom("wanted")))
                .build());
        Any foreign = Any.newBuilder()
                .setTypeUrl("example.com/Made")
                .setValue(ByteString.copyFromUtf8("raw"))
                .build();
        events.forward(ForwardRequest.newBuilder()
                .setEnvelope(envelope().setTopic("/made/up").setEvent(foreign))
                .build());

        assertThat(seen.next().getEvent()).isEqualTo(oom("wanted"));
        assertThat(seen.next().getEvent()).isEqualTo(foreign);
    }

    @Test
    void badFilterIsRefused() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid argument",
                () -> events.subscribe(filters("a=b")).hasNext());
    }

    @Test
    void clientThatGoesEndsItsSubscription() throws Exception {
        var cancellable = io.grpc.Context.current().withCancellation();
        cancellable.run(() -> {
            Iterator<Envelope> unused = events.subscribe(filters());
            assertThat(unused).isNotNull();
        });
        bus.awaitSubscribers(1);

        cancellable.cancel(null);

        bus.awaitSubscribers(0);
    }

    @Test
    void deadlineEndsASubscription() throws Exception {
        Iterator<Envelope> seen =
                events.withDeadlineAfter(300, TimeUnit.MILLISECONDS).subscribe(filters());

        assertThatThrownBy(seen::hasNext)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        bus.awaitSubscribers(0);
    }

    /** A subscriber that takes messages only when told to. */
    private final class SlowReader extends ClientCall.Listener<Envelope> {
        final LinkedBlockingQueue<Envelope> taken = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Status> end = new LinkedBlockingQueue<>();
        final ClientCall<SubscribeRequest, Envelope> call =
                server.channel().newCall(EventsGrpc.getSubscribeMethod(), CallOptions.DEFAULT);

        void start() {
            call.start(this, new Metadata());
            call.sendMessage(filters());
            call.halfClose();
        }

        @Override
        public void onMessage(Envelope message) {
            taken.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.add(status);
        }
    }

    @Test
    void slowReaderLosesItsSubscriptionAndNobodyElseWaits() throws Exception {
        SlowReader slow = new SlowReader();
        slow.start();
        bus.awaitSubscribers(1);
        for (int i = 0; i < 100; i++) {
            bus.publish("n", "/tasks/oom", new Event.TaskOom("c" + i));
        }

        slow.call.request(200);

        Status end = Objects.requireNonNull(slow.end.poll(20, TimeUnit.SECONDS));
        assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(slow.taken.size()).isLessThan(FakeEventBus.CAPACITY);
        bus.awaitSubscribers(0);
    }

    @Test
    void slowReaderThatGoesIsNoticedWhileAMessageWaits() throws Exception {
        SlowReader slow = new SlowReader();
        slow.start();
        bus.awaitSubscribers(1);
        bus.publish("n", "/tasks/oom", new Event.TaskOom("a"));
        bus.publish("n", "/tasks/oom", new Event.TaskOom("b"));

        slow.call.cancel("bye", null);

        bus.awaitSubscribers(0);
    }

    @Test
    void readerThatTakesItsTimeGetsAllInOrder() throws Exception {
        SlowReader slow = new SlowReader();
        slow.start();
        bus.awaitSubscribers(1);
        for (int i = 0; i < 50; i++) {
            bus.publish("n", "/tasks/oom", new Event.TaskOom("c" + i));
            slow.call.request(1);
            Envelope next = Objects.requireNonNull(slow.taken.poll(20, TimeUnit.SECONDS));
            assertThat(next.getEvent()).isEqualTo(oom("c" + i));
        }
        slow.call.cancel("done", null);
    }
}
