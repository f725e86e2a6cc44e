package dev.wharf.plugins.events;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.names.Identifiers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event bus within this process.
 *
 * <p>Each subscriber has a queue of at most {@value #CAPACITY} events and {@value #BYTES} bytes; one that lets it overflow loses its subscription
 * and no other notices. The end of a process is heard once. Events of one publishing thread reach every subscriber in the order they were published.
 */
public final class LocalEventBus implements EventBus, AutoCloseable {
    /** Most events that wait for one subscriber. */
    public static final int CAPACITY = 16_384;

    /** About how many bytes they may have together: events are small, but nothing keeps a client from large ones. */
    public static final long BYTES = 16L << 20;

    /** Most subscribers at once; a machine has a handful. */
    public static final int MOST_SUBSCRIBERS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(LocalEventBus.class);

    private final SeenEndings endings = new SeenEndings();
    private final InstantSource clock;
    private final int capacity;

    /** Guards {@link #queues} and {@link #closed}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<EventQueue> queues = new HashSet<>();
    private boolean closed;

    /** A bus without subscribers; events it publishes get their time from {@code clock}. */
    public LocalEventBus(InstantSource clock) {
        this(clock, CAPACITY);
    }

    LocalEventBus(InstantSource clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    @Override
    public void publish(String namespace, String topic, Event event) {
        checkNamespace(namespace, "failed publishing event");
        EventTopic.check(topic);
        distribute(new Envelope(clock.instant(), namespace, topic, event));
    }

    @Override
    public void forward(Envelope envelope) {
        checkNamespace(envelope.namespace(), "event envelope has invalid namespace");
        EventTopic.check(envelope.topic());
        if (isUnset(envelope.timestamp())) {
            throw ErrorKind.INVALID_ARGUMENT.of("timestamp must be set on forwarded event");
        }
        distribute(envelope);
    }

    private static void checkNamespace(String namespace, String doing) {
        try {
            Identifiers.check(namespace);
        } catch (WharfException e) {
            throw e.during(doing);
        }
    }

    /** A timestamp that was left out reads as the epoch, or, from Go, as the first second of the year 1. */
    private static boolean isUnset(Instant timestamp) {
        return timestamp.equals(Instant.EPOCH) || timestamp.equals(Instant.parse("0001-01-01T00:00:00Z"));
    }

    private void distribute(Envelope envelope) {
        if (!endings.isNew(envelope)) {
            return;
        }
        for (EventQueue queue : subscribers()) {
            if (!queue.offer(envelope)) {
                drop(queue);
            }
        }
    }

    private List<EventQueue> subscribers() {
        lock.lock();
        try {
            return List.copyOf(queues);
        } finally {
            lock.unlock();
        }
    }

    private void drop(EventQueue queue) {
        if (forget(queue)) {
            LOG.warn("event subscription ended because its queue overflowed capacity={}", capacity);
        }
    }

    @Override
    public Subscription subscribe(List<String> filters) {
        EventQueue queue = new EventQueue(parse(filters), capacity, BYTES, this::forget);
        lock.lock();
        try {
            if (closed) {
                throw ErrorKind.CANCELLED.of("event bus is closed");
            }
            if (queues.size() >= MOST_SUBSCRIBERS) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("subscribe to events: there are " + MOST_SUBSCRIBERS
                        + " subscribers already; end those that are not needed");
            }
            queues.add(queue);
        } finally {
            lock.unlock();
        }
        return queue;
    }

    private static Filter parse(List<String> filters) {
        try {
            return Filter.parse(filters);
        } catch (WharfException e) {
            throw e.during("failed parsing subscription filters");
        }
    }

    private boolean forget(EventQueue queue) {
        lock.lock();
        try {
            return queues.remove(queue);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all subscriptions; later ones are refused, later events reach nobody. */
    @Override
    public void close() {
        List<EventQueue> last;
        lock.lock();
        try {
            closed = true;
            last = new ArrayList<>(queues);
            queues.clear();
        } finally {
            lock.unlock();
        }
        last.forEach(EventQueue::shut);
    }
}
