package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.sqlite.SQLiteConfig;

/**
 * The metadata database: one writer with group commit, a few readers.
 *
 * <p>Safe for any number of threads. See the package for the file's format.
 */
public final class SqliteDatabase implements AutoCloseable {
    /** What is listed often is in memory, and the kernel keeps the pages of the file: each reader needs but a few. */
    private static final int READER_CACHE_KIBIBYTES = 256;

    private static final int BUSY_MILLIS = 10_000;

    private final Limits limits;
    private final GroupCommit writer;
    private final ReaderPool readers;
    private final Leftovers leftovers = new Leftovers();
    private final ReentrantLock memory = new ReentrantLock();
    private final TableMirror<Container> containers;
    private final TableMirror<Image> images;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Consumer<Change> listener = change -> {};

    /**
     * The bounds of a database.
     *
     * @param readers number of connections that read
     * @param queue number of changes that may wait for the writer
     * @param group number of changes committed together at most
     * @param patience how long a caller waits for its change or its turn to read
     */
    public record Limits(int readers, int queue, int group, Duration patience) {
        public static final Limits DEFAULT = new Limits(4, 1024, 64, Duration.ofSeconds(30));
    }

    private SqliteDatabase(Path file, Session write, List<Session> read, Limits limits) {
        this.limits = limits;
        this.readers = new ReaderPool(file, read);
        this.writer = new GroupCommit(file, write, limits, memory, this::changed);
        this.containers = new TableMirror<>(this, SqliteContainerStore.TABLE);
        this.images = new TableMirror<>(this, SqliteImageStore.TABLE);
    }

    /**
     * Opens {@code file}, making it and its directory when they are missing, and checks it.
     *
     * <p>{@code DATA_LOSS} when it is damaged, {@code FAILED_PRECONDITION} when it is another program's or of a newer
     * version; both name the file and what to do.
     */
    public static SqliteDatabase open(Path file, Limits limits) {
        Path path = file.toAbsolutePath();
        SqliteFailures failures = new SqliteFailures(path);
        List<Session> opened = new ArrayList<>();
        try {
            makeFile(path);
            Session write = connect(path, false);
            opened.add(write);
            prepare(path, write);
            for (int i = 0; i < limits.readers(); i++) {
                opened.add(connect(path, true));
            }
            return new SqliteDatabase(path, write, opened.subList(1, opened.size()), limits);
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("create metadata database " + path, e);
        } catch (SQLException e) {
            closeAll(opened, e);
            throw failures.of("open", e);
        } catch (WharfException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    /** Opens {@code file} with {@link Limits#DEFAULT}. */
    public static SqliteDatabase open(Path file) {
        return open(file, Limits.DEFAULT);
    }

    /** Makes a change for a request and answers once it is durable. */
    <T> T write(Context ctx, Change change, Transaction.Work<T> work) {
        Duration left = ctx.remaining(limits.patience());
        return writer.submit(work, change, left, late(left));
    }

    /** Makes a change that belongs to no request. */
    <T> T write(Change change, Transaction.Work<T> work) {
        return writer.submit(work, change, limits.patience(), ErrorKind.UNAVAILABLE);
    }

    /** Reads for a request. */
    <T> T read(Context ctx, Session.Query<T> query) {
        Duration left = ctx.remaining(limits.patience());
        return readers.read(query, left, late(left));
    }

    /** Reads for nobody's request. */
    <T> T read(Session.Query<T> query) {
        return readers.read(query, limits.patience(), ErrorKind.UNAVAILABLE);
    }

    /** Who hears of every durable change, on the writer thread. It must not block. */
    void listen(Consumer<Change> changes) {
        listener = changes;
    }

    /** Guards all that is kept in memory of what is in the file: the writer changes it after a commit. */
    ReentrantLock memory() {
        return memory;
    }

    /** The containers in memory; whoever changes their table tells it. */
    TableMirror<Container> containers() {
        return containers;
    }

    /** The images in memory; whoever changes their table tells it. */
    TableMirror<Image> images() {
        return images;
    }

    /** What deletions may have left behind outside this file. */
    Leftovers leftovers() {
        return leftovers;
    }

    /** Makes the changes that wait, refuses further ones with {@code UNAVAILABLE}, and closes the file. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            readers.close();
            writer.close();
        }
    }

    private void changed(Change change) {
        listener.accept(change);
    }

    private ErrorKind late(Duration left) {
        return left.compareTo(limits.patience()) < 0 ? ErrorKind.DEADLINE_EXCEEDED : ErrorKind.UNAVAILABLE;
    }

    private static void makeFile(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static Session connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        if (readOnly) {
            config.setReadOnly(true);
            config.setCacheSize(-READER_CACHE_KIBIBYTES);
        } else {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        }
        return new Session(config.createConnection("jdbc:sqlite:" + file));
    }

    private static void prepare(Path file, Session session) throws SQLException {
        List<String> found = session.list("PRAGMA quick_check(3)", row -> row.getString(1));
        if (!found.equals(List.of("ok"))) {
            throw SqliteFailures.damaged(file, String.join("; ", found));
        }
        long application = session.number("PRAGMA application_id");
        long version = session.number("PRAGMA user_version");
        boolean empty = !session.exists("SELECT 1 FROM sqlite_master");
        if (empty && application == 0 && version == 0) {
            Schema.create(session);
        } else if (application != Schema.APPLICATION_ID) {
            throw ErrorKind.FAILED_PRECONDITION.of("metadata database " + file
                    + " is a database of another program; move it away, or choose another root");
        } else if (version != Schema.VERSION) {
            throw ErrorKind.FAILED_PRECONDITION.of("metadata database " + file + " has version " + version
                    + ", this program knows " + Schema.VERSION + "; run the program that wrote it");
        }
    }

    private static void closeAll(List<Session> sessions, Exception cause) {
        for (Session session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
