package dev.wharf.services.testing;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bus whose subscribers hold few events, so that losing them is easy. */
public final class FakeEventBus implements EventBus {
    public static final int CAPACITY = 8;
    public static final Instant NOW = Instant.ofEpochSecond(1_700_000_100);

    public final List<Envelope> published = new CopyOnWriteArrayList<>();
    public final List<Queue> subscribers = new CopyOnWriteArrayList<>();

    @Override
    public void publish(String namespace, String topic, Event event) {
        if (!topic.startsWith("/")) {
            throw ErrorKind.INVALID_ARGUMENT.of("envelope topic \"" + topic + "\": must start with '/'");
        }
        forward(new Envelope(NOW, namespace, topic, event));
    }

    @Override
    public void forward(Envelope envelope) {
        published.add(envelope);
        subscribers.forEach(queue -> queue.offer(envelope));
    }

    @Override
    public Subscription subscribe(List<String> filters) {
        Queue queue = new Queue(Filter.parse(filters));
        subscribers.add(queue);
        return queue;
    }

    public final class Queue implements Subscription {
        private final Filter filter;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final Deque<Envelope> waiting = new ArrayDeque<>();
        private boolean lost;
        private boolean closed;

        Queue(Filter filter) {
            this.filter = filter;
        }

        void offer(Envelope envelope) {
            lock.lock();
            try {
                if (filter.matches(envelope)) {
                    lost |= waiting.size() >= CAPACITY;
                    waiting.add(envelope);
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public @Nullable Envelope next(Duration timeout) throws InterruptedException {
            lock.lock();
            try {
                long left = timeout.toNanos();
                while (true) {
                    if (closed) {
                        throw ErrorKind.CANCELLED.of("subscription closed");
                    }
                    if (lost) {
                        throw ErrorKind.RESOURCE_EXHAUSTED.of("subscriber too slow, events lost");
                    }
                    if (!waiting.isEmpty()) {
                        return waiting.poll();
                    }
                    if (left <= 0) {
                        return null;
                    }
                    left = changed.awaitNanos(left);
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
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            subscribers.remove(this);
        }
    }

    /** Waits until there are so many subscribers. */
    public void awaitSubscribers(int count) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (subscribers.size() != count) {
            if (System.nanoTime() > until) {
                throw new AssertionError("there are " + new ArrayList<>(subscribers).size() + " subscribers");
            }
            Thread.sleep(5);
        }
    }
}
