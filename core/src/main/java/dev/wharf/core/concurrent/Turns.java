package dev.wharf.core.concurrent;

import dev.wharf.core.error.ErrorKind;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one at a time do what has the same key, so that the next finds it done. Holds as many keys as are being worked
 * on.
 */
public final class Turns {
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Map<String, Place> places = new HashMap<>();

    /** Where those with the same key stand in line; {@code users} is guarded by lock. */
    private static final class Place {
        final Semaphore turn = new Semaphore(1, true);
        int users;
    }

    /** A turn, which lasts until it is closed. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for the turn of a key; {@code CANCELLED} when interrupted. */
    public Turn take(String key) {
        Place place = enter(key);
        try {
            place.turn.acquire();
        } catch (InterruptedException e) {
            leave(key, place);
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait for others that work on " + key, e);
        }
        return () -> {
            place.turn.release();
            leave(key, place);
        };
    }

    private Place enter(String key) {
        lock.lock();
        try {
            Place place = places.computeIfAbsent(key, unknown -> new Place());
            place.users++;
            return place;
        } finally {
            lock.unlock();
        }
    }

    private void leave(String key, Place place) {
        lock.lock();
        try {
            if (--place.users == 0) {
                places.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }
}
