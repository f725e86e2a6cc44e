package dev.wharf.plugins.events;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
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

    private final Filter filter;
    private final int capacity;
    private final Consumer<EventQueue> onClose;

    /** Guards {@link #queue} and {@link #state}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Deque<Envelope> queue = new ArrayDeque<>();
    private State state = State.OPEN;

    /**
     * An empty queue.
     *
     * @param capacity most events that wait in it
     * @param onClose told when the subscriber closes it
     */
    EventQueue(Filter filter, int capacity, Consumer<EventQueue> onClose) {
        this.filter = filter;
        this.capacity = capacity;
        this.onClose = onClose;
    }

    /** Queues the event if it matches; answers whether the subscription still wants events. */
    boolean offer(Envelope envelope) {
        boolean wanted = filter.matches(envelope);
        lock.lock();
        try {
            if (state == State.OPEN && wanted) {
                enqueue(envelope);
            }
            return state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Envelope envelope) {
        if (queue.size() == capacity) {
            state = State.OVERFLOWED;
        } else {
            queue.add(envelope);
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
            return queue.remove();
        } finally {
            lock.unlock();
        }
    }

    private void checkUsable() {
        switch (state) {
            case OPEN -> {}
            case OVERFLOWED ->
                throw ErrorKind.RESOURCE_EXHAUSTED.of(
                        "event subscription ended: more than " + capacity + " events were not taken in time");
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
