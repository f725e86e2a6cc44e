package dev.wharf.plugins.events;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: a bounded queue between the bus and who reads it.
 *
 * <p>When an event finds it full the subscription has failed: what is queued can still be taken, then {@link #next}
 * throws.
 */
final class EventQueue implements EventBus.Subscription {
    private enum State {
        OPEN,
        OVERFLOWED,
        CLOSED
    }

    /** An event and about how many bytes it holds. */
    private record Queued(Envelope envelope, long bytes) {
        static Queued of(Envelope envelope) {
            return new Queued(
                    envelope,
                    switch (envelope.event()) {
                        case Event.Foreign foreign -> foreign.value().value().length;
                        // A record prints all it holds.
                        case Event known -> known.toString().length();
                    });
        }
    }

    private final Filter filter;
    private final int capacity;
    private final long bytes;
    private final Consumer<EventQueue> onClose;

    /** Guards {@link #queue}, {@link #queuedBytes} and {@link #state}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<Queued> queue = new ArrayDeque<>();
    private long queuedBytes;
    private State state = State.OPEN;

    /**
     * An empty queue.
     *
     * @param capacity most events that wait in it
     * @param bytes what waits in it together may have that size; a single event may be larger
     * @param onClose told when the subscriber closes it
     */
    EventQueue(Filter filter, int capacity, long bytes, Consumer<EventQueue> onClose) {
        this.filter = filter;
        this.capacity = capacity;
        this.bytes = bytes;
        this.onClose = onClose;
    }

    /** Queues the event if it matches; answers whether the subscription still wants events. */
    boolean offer(Envelope envelope) {
        Queued wanted = filter.matches(envelope) ? Queued.of(envelope) : null;
        lock.lock();
        try {
            if (state == State.OPEN && wanted != null) {
                enqueue(wanted);
            }
            return state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Queued event) {
        boolean tooLarge = !queue.isEmpty() && queuedBytes + event.bytes() > bytes;
        if (tooLarge || queue.size() == capacity) {
            state = State.OVERFLOWED;
        } else {
            queue.add(event);
            queuedBytes += event.bytes();
        }
        changed.signal();
    }

    @Override
    public @Nullable Envelope next(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() || state == State.CLOSED) {
                checkUsable();
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            Queued event = queue.remove();
            queuedBytes -= event.bytes();
            return event.envelope();
        } finally {
            lock.unlock();
        }
    }

    private void checkUsable() {
        switch (state) {
            case OPEN -> {}
            case OVERFLOWED ->
                throw ErrorKind.RESOURCE_EXHAUSTED.of("event subscription ended: more than " + capacity + " events, or "
                        + bytes + " bytes of them, were not taken in time");
            case CLOSED -> throw ErrorKind.CANCELLED.of("event subscription is closed");
        }
    }

    @Override
    public void close() {
        shut();
        onClose.accept(this);
    }

    /** Closes it without telling the bus. */
    void shut() {
        lock.lock();
        try {
            state = State.CLOSED;
            queue.clear();
            queuedBytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
