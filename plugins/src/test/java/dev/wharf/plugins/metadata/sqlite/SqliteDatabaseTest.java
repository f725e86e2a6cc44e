package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.testkit.dirs.TempDirs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteDatabaseTest {
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final Path file =
            dirs.root().resolve("io.containerd.metadata.v1.bolt").resolve("wharf.db");

    private static SqliteDatabase.Limits limits(Duration patience) {
        return new SqliteDatabase.Limits(2, 64, 16, patience);
    }

    private static int makeNamespace(SqliteDatabase database, String name) {
        return database.write(
                Change.MUTATION,
                tx -> tx.session().update("INSERT INTO namespaces(name, labels) VALUES (?, '{}')", name));
    }

    private static List<String> namespaces(SqliteDatabase database) {
        return database.read(
                session -> session.list("SELECT name FROM namespaces ORDER BY name", row -> row.getString(1)));
    }

    @Test
    void theFileIsOfItsOwnerOnlyAndInItsDirectory() throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            makeNamespace(database, "a");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            Path log = Path.of(file + "-wal");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx--x--x");
        }
        assertThat(Path.of(file + "-wal")).doesNotExist();
    }

    @Test
    void roomForDeletionsIsKeptWithoutAnyCommit() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            Path reserve = Path.of(file + "-reserve");
            for (int look = 0; look < 600 && !Files.exists(reserve); look++) {
                Thread.sleep(50);
            }
            assertThat(reserve).exists();
        }
    }

    @Test
    void theWriterIsDurableAndChecksForeignKeys() {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            List<String> settings = database.write(Change.NONE, tx -> {
                List<String> found = new ArrayList<>();
                for (String pragma : List.of("journal_mode", "synchronous", "foreign_keys")) {
                    found.add(tx.session()
                            .first("PRAGMA " + pragma, row -> row.getString(1))
                            .orElseThrow());
                }
                return found;
            });

            assertThat(settings).containsExactly("wal", "2", "1");
        }
    }

    @Test
    void readersCannotWrite() {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            assertFails(
                    ErrorKind.INTERNAL,
                    file.toString(),
                    () -> database.read(
                            session -> session.update("INSERT INTO namespaces(name, labels) VALUES ('a', '{}')")));
        }
    }

    @Test
    void aFailedChangeIsUndoneAloneAndTheOthersOfItsGroupStay() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(file);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Future<Boolean> first = callers.submit(() -> database.write(Change.NONE, tx -> {
                blocked.countDown();
                await(release);
                return true;
            }));
            blocked.await();
            List<Future<Integer>> good = new ArrayList<>();
            List<Future<Integer>> bad = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String name = "n" + i;
                good.add(callers.submit(() -> makeNamespace(database, name)));
                bad.add(callers.submit(() -> database.write(Change.MUTATION, tx -> {
                    tx.session().update("INSERT INTO namespaces(name, labels) VALUES (?, '{}')", "bad-" + name);
                    throw ErrorKind.ABORTED.of("on purpose");
                })));
            }
            release.countDown();
            first.get();
            for (Future<Integer> each : good) {
                assertThat(each.get()).isEqualTo(1);
            }
            for (Future<Integer> each : bad) {
                assertThat(each).failsWithin(Duration.ofSeconds(30));
            }
            assertThat(namespaces(database)).hasSize(10).noneMatch(name -> name.startsWith("bad"));
        }
    }

    @Test
    void manyCallersShareCommits() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        try (SqliteDatabase database = SqliteDatabase.open(file);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            database.listen(change -> commits.incrementAndGet());
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                String name = "n" + i;
                all.add(callers.submit(() -> makeNamespace(database, name)));
            }
            for (Future<Integer> each : all) {
                assertThat(each.get()).isEqualTo(1);
            }
            assertThat(namespaces(database)).hasSize(2000);
            assertThat(commits).hasValue(2000);
        }
    }

    @Test
    void whatRunsAfterTheCommitRunsInOrderAndOnlyForChangesThatHappened() {
        List<String> order = new ArrayList<>();
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            for (String name : List.of("a", "b")) {
                database.write(Change.MUTATION, tx -> {
                    tx.afterCommit(() -> order.add(name));
                    return true;
                });
            }
            assertFails(
                    ErrorKind.ABORTED,
                    "on purpose",
                    () -> database.write(Change.MUTATION, tx -> {
                        tx.afterCommit(() -> order.add("never"));
                        throw ErrorKind.ABORTED.of("on purpose");
                    }));
        }
        assertThat(order).containsExactly("a", "b");
    }

    @Test
    void aCallerDoesNotWaitLongerThanItsPatience() throws Exception {
        try (SqliteDatabase database = SqliteDatabase.open(file, limits(Duration.ofMillis(200)));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Future<Boolean> slow = callers.submit(() -> database.write(Change.NONE, tx -> {
                blocked.countDown();
                await(release);
                return true;
            }));
            blocked.await();

            assertFails(ErrorKind.UNAVAILABLE, "the change was not made", () -> makeNamespace(database, "late"));
            assertThat(slow)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withMessageContaining("the change may still be made");
            Context hurried = CTX.withDeadline(Context.Deadline.after(Duration.ofMillis(20), InstantSource.system()));
            assertFails(ErrorKind.DEADLINE_EXCEEDED, "", () -> database.write(hurried, Change.NONE, tx -> true));
            release.countDown();
            assertThat(namespaces(database)).isEmpty();
        }
    }

    @Test
    void closingMakesWhatWaitsAndRefusesTheRest() throws Exception {
        SqliteDatabase database = SqliteDatabase.open(file);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Future<Boolean> first = callers.submit(() -> database.write(Change.NONE, tx -> {
                blocked.countDown();
                await(release);
                return true;
            }));
            blocked.await();
            Future<?> closing = callers.submit(database::close);
            release.countDown();
            closing.get();
            assertThat(first.get()).isTrue();
        }
        assertFails(ErrorKind.UNAVAILABLE, file + " is closed", () -> makeNamespace(database, "late"));
        assertFails(ErrorKind.UNAVAILABLE, file + " is closed", () -> namespaces(database));
    }

    @Test
    void aFullDiskIsToldAndWhatWasThereStays() {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            makeNamespace(database, "a");
            database.write(Change.NONE, tx -> {
                long pages = tx.session().number("PRAGMA page_count");
                return tx.session().number("PRAGMA max_page_count = " + (pages + 2));
            });

            assertFails(
                    ErrorKind.RESOURCE_EXHAUSTED,
                    "no space left on device",
                    () -> makeNamespace(database, "x".repeat(100_000)));

            assertThat(namespaces(database)).containsExactly("a");
            database.write(Change.NONE, tx -> tx.session().number("PRAGMA max_page_count = 100000"));
            makeNamespace(database, "b");
            assertThat(namespaces(database)).containsExactly("a", "b");
        }
    }

    @Test
    void aDamagedFileIsNamedWithWhatToDo() throws IOException {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            database.write(Change.MUTATION, tx -> {
                for (int i = 0; i < 2000; i++) {
                    tx.session().update("INSERT INTO namespaces(name, labels) VALUES (?, '{}')", "name" + i);
                }
                return true;
            });
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long page = 5; page < channel.size() / 4096; page++) {
                channel.write(ByteBuffer.wrap("garbage".repeat(300).getBytes(StandardCharsets.US_ASCII)), page * 4096);
            }
        }

        assertFails(ErrorKind.DATA_LOSS, file + " is damaged", () -> SqliteDatabase.open(file));
        assertFails(ErrorKind.DATA_LOSS, "put a copy of it back, or move it", () -> SqliteDatabase.open(file));
    }

    @Test
    void aFileThatIsNoDatabaseIsNamedWithWhatToDo() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "not a database at all, but long enough to look like a header ".repeat(100));

        assertFails(ErrorKind.DATA_LOSS, file + " is damaged", () -> SqliteDatabase.open(file));
    }

    @Test
    void databasesOfOthersAndOfNewerVersionsAreLeftAlone() throws Exception {
        Files.createDirectories(file.getParent());
        execute("CREATE TABLE other(x)");
        assertFails(ErrorKind.FAILED_PRECONDITION, "another program", () -> SqliteDatabase.open(file));
        Files.delete(file);

        SqliteDatabase.open(file).close();
        execute("PRAGMA user_version = 99");
        assertFails(ErrorKind.FAILED_PRECONDITION, "has version 99", () -> SqliteDatabase.open(file));
    }

    @Test
    void aTransactionCannotStartAnother() {
        try (SqliteDatabase database = SqliteDatabase.open(file)) {
            assertThat(catchThrowable(() -> database.write(Change.NONE, tx -> makeNamespace(database, "a"))))
                    .isInstanceOf(IllegalStateException.class);
            makeNamespace(database, "b");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
