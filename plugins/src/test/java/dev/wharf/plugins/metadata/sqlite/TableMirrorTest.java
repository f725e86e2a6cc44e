package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Digest;
import dev.wharf.testkit.dirs.TempDirs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happened in a test, memory and file agree at its end. */
class TableMirrorTest {
    private static final Digest DIGEST = Digest.sha256("x".getBytes(StandardCharsets.UTF_8));

    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private List<Container> inFile(String ns) {
        return metadata.database.read(
                session -> session.list(SqliteContainerStore.TABLE.all(), SqliteContainerStore.TABLE.reader(), ns));
    }

    private TableMirror<Container> mirrorOf(long bytes) {
        return new TableMirror<>(metadata.database, SqliteContainerStore.TABLE, bytes);
    }

    private static long size(Container container) {
        return SqliteContainerStore.TABLE.bytes().applyAsLong(container);
    }

    private Container create(String id) {
        return metadata.containers.create(CTX, MetadataFixture.container(id));
    }

    @AfterEach
    void memoryAndFileAgree() {
        assertThat(metadata.containers.list(CTX, List.of())).isEqualTo(inFile(CTX.namespace()));
        assertThat(metadata.images.list(CTX, List.of()))
                .isEqualTo(metadata.database.read(session ->
                        session.list(SqliteImageStore.TABLE.all(), SqliteImageStore.TABLE.reader(), CTX.namespace())));
    }

    @Test
    void aRecordIsShownFromMemoryOnceItsNamespaceWasAskedFor() {
        Container a = create("a");
        assertThat(metadata.containers.peek(CTX, "a")).isEmpty();

        assertThat(metadata.containers.get(CTX, "a")).isEqualTo(a);

        assertThat(metadata.containers.peek(CTX, "a")).contains(a);
        assertThat(metadata.containers.peek(OTHER, "a")).isEmpty();
        Container b = create("b");
        assertThat(metadata.containers.peek(CTX, "b")).contains(b);
    }

    @Test
    void changesAndDeletionsAreSeen() {
        create("a");
        create("b");
        List<Container> before = metadata.containers.list(CTX, List.of());

        metadata.containers.update(CTX, MetadataFixture.container("a", "", "", Map.of("k", "v")), List.of("labels"));
        metadata.containers.delete(CTX, "b");

        assertThat(before).extracting(Container::labels).containsExactly(Map.of(), Map.of());
        assertThat(metadata.containers.list(CTX, List.of()))
                .extracting(Container::labels)
                .containsExactly(Map.of("k", "v"));
        assertFails(ErrorKind.NOT_FOUND, "container \"b\"", () -> metadata.containers.get(CTX, "b"));
        assertFails(ErrorKind.NOT_FOUND, "container \"none\"", () -> metadata.containers.get(OTHER, "none"));
    }

    @Test
    void aChangeThatFailsIsNotSeen() {
        create("a");
        metadata.containers.list(CTX, List.of());

        assertFails(
                ErrorKind.INTERNAL,
                "on purpose",
                () -> metadata.database.write(CTX, Change.MUTATION, tx -> {
                    metadata.database.containers().remove(tx, CTX.namespace(), "a");
                    throw ErrorKind.INTERNAL.of("fail on purpose");
                }));

        assertThat(metadata.containers.peek(CTX, "a")).isPresent();
    }

    @Test
    void whatAnEventTellsIsInMemoryAlready() {
        metadata.containers.list(CTX, List.of());
        List<Boolean> seen = new ArrayList<>();

        metadata.database.write(CTX, Change.MUTATION, tx -> {
            metadata.database.containers().put(tx, CTX.namespace(), MetadataFixture.container("a"));
            tx.afterCommit(() -> seen.add(metadata.containers.peek(CTX, "a").isPresent()));
            return true;
        });
        metadata.database.write(CTX, Change.DELETION, tx -> {
            metadata.database.containers().remove(tx, CTX.namespace(), "a");
            return true;
        });

        assertThat(seen).containsExactly(true);
    }

    @Test
    void whatIsChangedWhileANamespaceIsReadIsNewer() {
        NamespaceMirror<Container> reading = new NamespaceMirror<>(SqliteContainerStore.TABLE);
        Container old = MetadataFixture.container("a");
        Container changed = MetadataFixture.container("a", "", "", Map.of("k", "v"));
        Container added = MetadataFixture.container("c");

        reading.change("a", changed);
        reading.change("b", null);
        reading.change("c", added);
        reading.complete(List.of(old, MetadataFixture.container("b")));

        assertThat(reading.list()).containsExactly(changed, added);
        assertThat(reading.bytes()).isEqualTo(NamespaceMirror.OWN_BYTES + size(changed) + size(added));
        assertThat(reading.find("b")).isEmpty();
    }

    @Test
    void theNamespaceLongestUnusedIsForgottenFirst() {
        Container a = create("a");
        metadata.containers.create(OTHER, MetadataFixture.container("a"));
        TableMirror<Container> mirror = mirrorOf(size(a) + 2 * NamespaceMirror.OWN_BYTES);

        mirror.list(CTX);
        assertThat(mirror.sizes()).containsOnlyKeys(CTX.namespace());
        mirror.list(OTHER);

        assertThat(mirror.sizes()).containsOnlyKeys(OTHER.namespace());
        assertThat(mirror.peek(OTHER, "a")).isPresent();
        assertThat(mirror.list(CTX)).containsExactly(a);
    }

    @Test
    void aNamespaceThatDoesNotFitIsReadFromTheFile() {
        Container a = create("a");
        Container b = create("b");
        TableMirror<Container> mirror = mirrorOf(size(a) + NamespaceMirror.OWN_BYTES);

        assertThat(mirror.list(CTX)).containsExactly(a, b);
        assertThat(mirror.sizes()).containsExactly(Map.entry(CTX.namespace(), NamespaceMirror.OWN_BYTES));
        assertThat(mirror.find(CTX, "b")).contains(b);
        assertThat(mirror.find(CTX, "none")).isEmpty();
        assertThat(mirror.peek(CTX, "b")).isEmpty();

        metadata.database.write(CTX, Change.DELETION, tx -> {
            mirror.remove(tx, CTX.namespace(), "b");
            tx.session().update("DELETE FROM containers WHERE id = 'b'");
            metadata.database.containers().remove(tx, CTX.namespace(), "b");
            return true;
        });

        assertThat(mirror.list(CTX)).containsExactly(a);
        assertThat(mirror.peek(CTX, "a")).contains(a);
    }

    @Test
    void anImageIsInMemoryAsItIsReadAgain() {
        metadata.images.list(CTX, List.of());
        Image given = MetadataFixture.image("i", DIGEST, Map.of("k", "v", "none", ""));

        metadata.images.create(
                CTX, new Image("i", given.labels(), given.target(), Instant.MAX, Instant.ofEpochSecond(1, 999)));

        assertThat(metadata.images.peek(CTX, "i")).isEqualTo(Optional.of(metadata.images.get(CTX, "i")));
    }

    @Test
    void whatTheCollectorRemovesIsGone() {
        metadata.images.list(CTX, List.of());
        metadata.images.create(
                CTX, MetadataFixture.image("old", DIGEST, Map.of("containerd.io/gc.expire", "2000-01-01T00:00:00Z")));
        assertThat(metadata.images.peek(CTX, "old")).isPresent();

        metadata.database.write(
                Change.COLLECTION,
                tx -> new Sweep(metadata.events, metadata.database.leftovers(), metadata.database.images())
                        .run(tx, metadata.clock.instant()));

        assertThat(metadata.images.peek(CTX, "old")).isEmpty();
    }

    @Test
    void manyAtOnceAgreeInTheEnd() throws InterruptedException, ExecutionException {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                all.add(threads.submit(() -> churn(number)));
            }
            for (int reader = 0; reader < 2; reader++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        assertThat(metadata.containers.list(CTX, List.of()))
                                .extracting(Container::id)
                                .isSorted();
                    }
                }));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
    }

    /** A caller sees at once what it was told is done. */
    private void churn(int writer) {
        Random random = new Random(writer);
        for (int i = 0; i < 60; i++) {
            String id = "c-" + writer + "-" + random.nextInt(8);
            if (metadata.containers.list(CTX, List.of("id==" + id)).isEmpty()) {
                Container made = create(id);
                assertThat(metadata.containers.get(CTX, id)).isEqualTo(made);
            } else {
                metadata.containers.delete(CTX, id);
                assertThat(metadata.containers.list(CTX, List.of("id==" + id))).isEmpty();
            }
        }
    }
}
