package dev.wharf.shim.event;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import dev.wharf.api.types.Envelope;
import dev.wharf.shim.ShimEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the daemon: those of one container one after another, those of different ones side by side. At most
 * 8192 wait; above that the oldest is dropped.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_WAITING = 8192;

    private final DaemonEvents daemon;
    private final Clock clock;

    /** Guards {@link #lanes} and {@link #waiting}. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition drained = lock.newCondition();

    /** Of each container that has events under way. A thread drains each. */
    private final Map<Lane, Queue<Waiting>> lanes = new HashMap<>();

    /** All events not yet taken or dropped, the oldest first. */
    private final SequencedSet<Waiting> waiting = new LinkedHashSet<>();

    private record Lane(String namespace, String container) {}

    /** An event under way; each is itself only. */
    private static final class Waiting {
        private final Envelope envelope;
        private final Runnable taken;

        Waiting(Envelope envelope, Runnable taken) {
            this.envelope = envelope;
            this.taken = taken;
        }
    }

    /** A publisher to one daemon. */
    public EventPublisher(DaemonEvents daemon, Clock clock) {
        this.daemon = daemon;
        this.clock = clock;
    }

    /** Queues an event and returns. {@code taken} runs when the daemon has it. */
    public void publish(ShimEvent event, Runnable taken) {
        Waiting added = new Waiting(envelope(event, clock.instant()), taken);
        Lane lane = new Lane(event.namespace(), event.container());
        Waiting dropped = enqueue(lane, added);
        if (dropped != null) {
            LOG.error(
                    "event dropped: {} others wait for the daemon namespace={} topic={}",
                    MAX_WAITING,
                    dropped.envelope.getNamespace(),
                    dropped.envelope.getTopic());
        }
    }

    private @Nullable Waiting enqueue(Lane lane, Waiting added) {
        lock.lock();
        try {
            Waiting dropped = waiting.size() < MAX_WAITING ? null : waiting.removeFirst();
            waiting.add(added);
            Queue<Waiting> queue = lanes.get(lane);
            if (queue == null) {
                queue = new ArrayDeque<>();
                lanes.put(lane, queue);
                Thread.ofVirtual().name("events").start(() -> drain(lane));
            }
            queue.add(added);
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private static Envelope envelope(ShimEvent event, Instant time) {
        // Go's typeurl uses bare names; asking the descriptor would load a description of every event there is.
        Any message = Any.newBuilder()
                .setTypeUrl("containerd.events." + event.message().getClass().getSimpleName())
                .setValue(event.message().toByteString())
                .build();
        return Envelope.newBuilder()
                .setTimestamp(
                        Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()))
                .setNamespace(event.namespace())
                .setTopic(event.topic())
                .setEvent(message)
                .build();
    }

    private void drain(Lane lane) {
        for (Waiting next = next(lane); next != null; next = next(lane)) {
            Waiting sent = next;
            boolean taken = daemon.forward(sent.envelope, () -> isWaiting(sent));
            remove(sent);
            if (taken) {
                run(sent.taken);
            }
        }
    }

    private @Nullable Waiting next(Lane lane) {
        lock.lock();
        try {
            Queue<Waiting> queue = lanes.get(lane);
            Waiting next = queue == null ? null : queue.poll();
            while (next != null && queue != null && !waiting.contains(next)) {
                next = queue.poll();
            }
            if (next == null) {
                lanes.remove(lane);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWaiting(Waiting event) {
        lock.lock();
        try {
            return waiting.contains(event);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Waiting event) {
        lock.lock();
        try {
            waiting.remove(event);
            if (waiting.isEmpty()) {
                drained.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void run(Runnable taken) {
        try {
            taken.run();
        } catch (RuntimeException e) {
            LOG.error("what follows an event failed", e);
        }
    }

    /** How many events are not yet taken. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the daemon has taken everything. */
    public boolean awaitTaken(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (!waiting.isEmpty() && left > 0) {
                left = drained.awaitNanos(left);
            }
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits and gives the connection up. */
    @Override
    public void close() {
        lock.lock();
        try {
            waiting.clear();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
        daemon.close();
    }
}
