package dev.wharf.plugins.metadata.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A change in progress on the writer thread. It must not wait for anything but the file. */
final class Transaction {
    private final Session session;
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
