package dev.wharf.plugins.metadata.sqlite;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Remembers where deletions may have left bytes behind, until the collector has been there. */
final class Leftovers {
    private final ReentrantLock lock = new ReentrantLock();

    /** Names of snapshotters; guarded by {@link #lock}. */
    private final Set<String> snapshotters = new HashSet<>();

    /** Whether blobs or ingests were let go; guarded by {@link #lock}. */
    private boolean content;

    /**
     * What was left behind.
     *
     * @param snapshotters snapshotters that lost snapshots
     * @param content whether blobs or ingests were let go
     */
    record Places(Set<String> snapshotters, boolean content) {}

    void snapshotter(String name) {
        lock.lock();
        try {
            snapshotters.add(name);
        } finally {
            lock.unlock();
        }
    }

    void content() {
        lock.lock();
        try {
            content = true;
        } finally {
            lock.unlock();
        }
    }

    /** What was noted since the last call. */
    Places take() {
        lock.lock();
        try {
            Places places = new Places(Set.copyOf(snapshotters), content);
            snapshotters.clear();
            content = false;
            return places;
        } finally {
            lock.unlock();
        }
    }
}
