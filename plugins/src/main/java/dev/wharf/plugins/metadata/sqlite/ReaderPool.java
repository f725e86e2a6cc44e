package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read-only connections. A read sees what was durable when it began, and waits for no writer. */
final class ReaderPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderPool.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final Path file;
    private final SqliteFailures failures;
    private final int size;
    private final BlockingQueue<Session> idle;
    private volatile boolean closing;

    ReaderPool(Path file, List<Session> sessions) {
        this.file = file;
        this.failures = new SqliteFailures(file);
        this.size = sessions.size();
        this.idle = new ArrayBlockingQueue<>(size, false, sessions);
    }

    /** Runs a query. {@code late} is the kind of failure when no connection becomes free within the limit. */
    <T> T read(Session.Query<T> query, Duration limit, ErrorKind late) {
        Session session = take(limit, late);
        try {
            return query.run(session);
        } catch (SQLException e) {
            throw failures.of("read", e);
        } finally {
            idle.add(session);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            for (int i = 0; i < size; i++) {
                Session session = idle.poll(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                if (session == null) {
                    LOG.atWarn().addKeyValue("file", file).log("a read of the metadata database does not end");
                    return;
                }
                session.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("metadata database did not close cleanly");
        }
    }

    private Session take(Duration limit, ErrorKind late) {
        if (closing) {
            throw closed();
        }
        try {
            Session session = idle.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (session == null) {
                throw late(limit, late);
            }
            return session;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("read metadata database " + file + ": interrupted");
        }
    }

    private WharfException late(Duration limit, ErrorKind kind) {
        return closing
                ? closed()
                : kind.of("read metadata database " + file + ": all " + size + " readers were busy for "
                        + limit.toMillis() + " ms");
    }

    private WharfException closed() {
        return ErrorKind.UNAVAILABLE.of("metadata database " + file + " is closed");
    }
}
