package dev.wharf.plugins.metadata.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A change in progress on the writer thread. It must not wait for anything but the file. */
final class Transaction {
    private final Session session;
    private final List<Runnable> inMemory = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();

    Transaction(Session session) {
        this.session = session;
    }

    /** Work that changes the file; all of it happens or, when it throws, nothing. It may be run on any thread. */
    interface Work<T> {
        T run(Transaction tx) throws SQLException;
    }

    Session session() {
        return session;
    }

    /**
     * Adds a change of what is kept in memory: made once this one is durable, on the writer thread and with the lock of
     * {@link SqliteDatabase#memory} held, in one go with those of all transactions that were committed together, and
     * before {@link #afterCommit}.
     */
    void inMemory(Runnable change) {
        inMemory.add(change);
    }

    List<Runnable> inMemory() {
        return inMemory;
    }

    /**
     * Adds something to be done once the change is durable, on the writer thread, in the order of commits; it must not
     * block.
     */
    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }
}
