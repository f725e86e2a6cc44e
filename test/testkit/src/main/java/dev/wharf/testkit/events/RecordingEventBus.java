package dev.wharf.testkit.events;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bus that keeps every event, in order and without a bound, for a test to look at.
 *
 * <p>It takes topics and namespaces as they come. A subscription starts with the events published after it was made.
 */
public final class RecordingEventBus implements EventBus {
    private final InstantSource clock;

    /** Guards {@link #published}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition arrived = lock.newCondition();
    private final List<Envelope> published = new ArrayList<>();

    /** A bus that takes the time of published events from a clock. */
    public RecordingEventBus(InstantSource clock) {
        this.clock = clock;
    }

    /** Everything published or forwarded so far. */
    public List<Envelope> published() {
        lock.lock();
        try {
            return List.copyOf(published);
        } finally {
            lock.unlock();
        }
    }

    /** The events so far, without time and place. */
    public List<Event> events() {
        return published().stream().map(Envelope::event).toList();
    }

    /** The topics so far, in order. */
    public List<String> topics() {
        return published().stream().map(Envelope::topic).toList();
    }

    @Override
    public void publish(String namespace, String topic, Event event) {
        forward(new Envelope(clock.instant(), namespace, topic, event));
    }

    @Override
    public void forward(Envelope envelope) {
        lock.lock();
        try {
            published.add(envelope);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Subscription subscribe(List<String> filters) {
        return new Cursor(Filter.parse(filters), published().size());
    }

    private final class Cursor implements Subscription {
        private final Filter filter;
        private int position;
        private boolean closed;

        private Cursor(Filter filter, int position) {
            this.filter = filter;
            this.position = position;
        }

        @Override
        public @Nullable Envelope next(Duration timeout) throws InterruptedException {
            long left = timeout.toNanos();
            lock.lockInterruptibly();
            try {
                while (true) {
                    if (closed) {
                        throw ErrorKind.CANCELLED.of("subscription is closed");
                    }
                    while (position < published.size()) {
                        Envelope envelope = published.get(position++);
                        if (filter.matches(envelope)) {
                            return envelope;
                        }
                    }
                    if (left <= 0) {
                        return null;
                    }
                    left = arrived.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                arrived.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
