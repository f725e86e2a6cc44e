package dev.wharf.plugins.metadata.sqlite;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands out the ids of one snapshotter. They are reserved in the file by the block, so that most cost no commit; what a
 * daemon did not use of its last block is never used.
 */
final class SnapshotIds {
    private static final int BLOCK = 64;

    private final SqliteDatabase database;
    private final String snapshotter;
    private final ReentrantLock lock = new ReentrantLock();

    /** The next id of the current block; guarded by {@link #lock}. */
    private long next;

    /** The end of the current block, exclusive; guarded by {@link #lock}. */
    private long end;

    SnapshotIds(SqliteDatabase database, String snapshotter) {
        this.database = database;
        this.snapshotter = snapshotter;
    }

    long next() {
        while (true) {
            long id = taken();
            if (id > 0) {
                return id;
            }
            offer(reserve());
        }
    }

    private long taken() {
        lock.lock();
        try {
            return next < end ? next++ : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a reserved block the current one, unless another thread has brought one in the meantime. */
    private void offer(long start) {
        lock.lock();
        try {
            if (next >= end) {
                next = start;
                end = start + BLOCK;
            }
        } finally {
            lock.unlock();
        }
    }

    private long reserve() {
        return database.write(
                Change.NONE,
                tx -> tx.session()
                        .number(
                                "INSERT INTO snapshot_ids(snapshotter, next) VALUES (?1, 1 + ?2)"
                                        + " ON CONFLICT (snapshotter) DO UPDATE SET next = next + ?2"
                                        + " RETURNING next - ?2",
                                snapshotter,
                                BLOCK));
    }
}
