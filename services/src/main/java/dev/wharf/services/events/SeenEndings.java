package dev.wharf.services.events;

import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ends of processes told lately. A shim that dies after it told of one, and before it noted that it had, leaves its
 * successor to tell again; subscribers are to hear it once.
 */
final class SeenEndings {
    private static final int MOST = 8192;

    private final ReentrantLock lock = new ReentrantLock(); // guards seen
    private final Map<Ending, Boolean> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Ending, Boolean> eldest) {
            return size() > MOST;
        }
    };

    private record Ending(String namespace, Event event) {}

    /** Whether this is news: true of everything but an end, the same to the nanosecond, that was told before. */
    boolean isNew(Envelope envelope) {
        if (!(envelope.event() instanceof Event.TaskExited) && !(envelope.event() instanceof Event.TaskDeleted)) {
            return true;
        }
        lock.lock();
        try {
            return seen.put(new Ending(envelope.namespace(), envelope.event()), true) == null;
        } finally {
            lock.unlock();
        }
    }
}
