package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Keeps the collector away from blobs that are about to be listed, and those who list blobs away from the ones the
 * collector is about to delete. Between a blob's bytes and its row nothing else protects it.
 */
final class BlobPins {
    /** A deletion of one blob is an unlink. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();

    /** How many hold each pinned blob; guarded by {@link #lock}. */
    private final Map<Digest, Integer> pinned = new HashMap<>();

    /** Blobs that are being deleted; guarded by {@link #lock}. */
    private final Set<Digest> deleting = new HashSet<>();

    /** Holds a blob until it is closed. */
    interface Pin extends AutoCloseable {
        @Override
        void close();
    }

    /** Pins a blob, after waiting for its deletion if one is under way. */
    Pin pin(Digest digest) {
        lock.lock();
        try {
            long left = LIMIT.toNanos();
            while (deleting.contains(digest)) {
                if (left <= 0) {
                    throw ErrorKind.UNAVAILABLE.of("blob " + digest + " is being deleted");
                }
                left = released.awaitNanos(left);
            }
            pinned.merge(digest, 1, Integer::sum);
            return () -> unpin(digest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait for the deletion of blob " + digest);
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code deletion} unless the blob is pinned, and answers what it answers: whether it deleted. */
    boolean deleteUnlessPinned(Digest digest, BooleanSupplier deletion) {
        if (!claim(digest)) {
            return false;
        }
        try {
            return deletion.getAsBoolean();
        } finally {
            release(digest);
        }
    }

    private boolean claim(Digest digest) {
        lock.lock();
        try {
            return !pinned.containsKey(digest) && deleting.add(digest);
        } finally {
            lock.unlock();
        }
    }

    private void release(Digest digest) {
        lock.lock();
        try {
            deleting.remove(digest);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void unpin(Digest digest) {
        lock.lock();
        try {
            pinned.computeIfPresent(digest, (key, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }
}
