package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.testkit.events.RecordingEventBus;
import java.time.InstantSource;
import java.util.List;

/** A bus that keeps apart what the daemon publishes and what shims forward. */
final class DaemonEvents implements EventBus {
    private final RecordingEventBus all;
    private final RecordingEventBus own;

    DaemonEvents(InstantSource clock) {
        all = new RecordingEventBus(clock);
        own = new RecordingEventBus(clock);
    }

    /** What the daemon published. */
    List<Event> events() {
        return own.events();
    }

    /** The topics of what the daemon published. */
    List<String> topics() {
        return own.topics();
    }

    @Override
    public void publish(String namespace, String topic, Event event) {
        own.publish(namespace, topic, event);
        all.publish(namespace, topic, event);
    }

    @Override
    public void forward(Envelope envelope) {
        all.forward(envelope);
    }

    @Override
    public Subscription subscribe(List<String> filters) {
        return all.subscribe(filters);
    }
}
