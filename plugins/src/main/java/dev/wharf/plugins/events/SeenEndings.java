package dev.wharf.plugins.events;

import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ends of processes told lately. A shim that dies after it told of one, and before it noted that it had, leaves its
 * successor to tell again, and one whose container is gone with it leaves that to the daemon; subscribers are to hear it
 * once.
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

    /** Of a process; its number tells it from one of the same name that was made later. */
    private record Ending(String namespace, String topic, String container, String process, int pid) {}

    /** Whether this is news: true of everything but an end that was told before. */
    boolean isNew(Envelope envelope) {
        return switch (envelope.event()) {
            case Event.TaskExited exit -> isNew(envelope, exit.containerId(), exit.id(), exit.pid());
            case Event.TaskDeleted end -> isNew(envelope, end.containerId(), end.id(), end.pid());
            default -> true;
        };
    }

    private boolean isNew(Envelope envelope, String container, String process, int pid) {
        if (pid == 0) {
            return true;
        }
        lock.lock();
        try {
            return seen.put(new Ending(envelope.namespace(), envelope.topic(), container, process, pid), true) == null;
        } finally {
            lock.unlock();
        }
    }
}
