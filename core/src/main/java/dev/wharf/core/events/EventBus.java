package dev.wharf.core.events;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one bus of the daemon. Publishing never blocks: a subscriber that does not read loses its subscription. */
public interface EventBus {
    /** Publishes an event of this daemon, now; {@code INVALID_ARGUMENT} for a bad topic or namespace. */
    void publish(String namespace, String topic, Event event);

    /** Publishes an event of another program as it came; {@code INVALID_ARGUMENT} when a part is missing or bad. */
    void forward(Envelope envelope);

    /** Subscribes to all events that match one of the filters (all, when there are none); {@code INVALID_ARGUMENT}. */
    Subscription subscribe(List<String> filters);

    /** A subscriber's queue. */
    interface Subscription extends AutoCloseable {
        /**
         * The next event, or null when none came within {@code timeout}. {@code RESOURCE_EXHAUSTED} once events were
         * lost because they were not taken in time, {@code CANCELLED} once it or the bus is closed.
         */
        @Nullable
        Envelope next(Duration timeout) throws InterruptedException;

        @Override
        void close();
    }
}
