package dev.wharf.testkit.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus.Subscription;
import dev.wharf.testkit.clock.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingEventBusTest {
    private static final Event EVENT = new Event.SnapshotRemoved("key", "overlayfs");

    private final RecordingEventBus bus = new RecordingEventBus(new SettableClock());

    @Test
    void everythingIsKeptInOrder() {
        bus.publish("a", "/one", EVENT);
        bus.forward(new Envelope(SettableClock.START, "b", "/two", EVENT));

        assertThat(bus.topics()).containsExactly("/one", "/two");
        assertThat(bus.events()).containsExactly(EVENT, EVENT);
        assertThat(bus.published().getFirst().timestamp()).isEqualTo(SettableClock.START);
    }

    @Test
    void aSubscriptionGetsWhatMatchesFromNowOn() throws InterruptedException {
        bus.publish("a", "/early", EVENT);
        try (Subscription subscription = bus.subscribe(List.of("namespace==a"))) {
            bus.publish("b", "/other", EVENT);
            bus.publish("a", "/mine", EVENT);

            assertThat(subscription.next(Duration.ofSeconds(20)))
                    .isEqualTo(new Envelope(SettableClock.START, "a", "/mine", EVENT));
            assertThat(subscription.next(Duration.ZERO)).isNull();
        }
    }
}
