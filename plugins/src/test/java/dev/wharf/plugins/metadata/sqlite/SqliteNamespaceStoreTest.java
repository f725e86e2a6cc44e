package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.testkit.dirs.TempDirs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteNamespaceStoreTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    @Test
    void aNamespaceIsCreatedAndListedByName() {
        metadata.namespaces.create(new Namespace("b", Map.of("k", "v", "empty", "")));
        metadata.namespaces.create(new Namespace("a", Map.of()));

        assertThat(metadata.namespaces.list()).extracting(Namespace::name).containsExactly("a", "b");
        assertThat(metadata.namespaces.get("b").labels()).containsOnly(Map.entry("k", "v"));
        assertThat(metadata.namespaces.labels("b")).containsOnly(Map.entry("k", "v"));
        assertThat(metadata.events.published())
                .extracting(Envelope::namespace, Envelope::topic)
                .containsExactly(tuple("b", "/namespaces/create"), tuple("a", "/namespaces/create"));
    }

    @Test
    void oneThatExistsCannotBeCreatedAndOneThatDoesNotCannotBeUsed() {
        metadata.namespaces.create(new Namespace("a", Map.of()));

        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "namespace \"a\": already exists",
                () -> metadata.namespaces.create(new Namespace("a", Map.of())));
        assertFails(ErrorKind.NOT_FOUND, "namespace \"x\": not found", () -> metadata.namespaces.get("x"));
        assertFails(ErrorKind.NOT_FOUND, "namespace \"x\": not found", () -> metadata.namespaces.delete("x"));
        assertThat(metadata.namespaces.labels("x")).isEmpty();
    }

    @Test
    void labelsSetOnANamespaceThatIsNotThereMakeIt() {
        metadata.namespaces.update(new Namespace("x", Map.of("one", "1", "two", "2")), List.of("labels.one"));

        assertThat(metadata.namespaces.list()).containsExactly(new Namespace("x", Map.of("one", "1")));
        assertThat(metadata.events.topics()).containsExactly("/namespaces/update");
    }

    @Test
    void labelsAreReplacedOrSetOneByOne() {
        metadata.namespaces.create(new Namespace("a", Map.of("one", "1", "two", "2")));

        metadata.namespaces.update(new Namespace("a", Map.of("one", "9", "three", "3")), List.of("labels.one"));
        assertThat(metadata.namespaces.labels("a")).isEqualTo(Map.of("one", "9", "two", "2"));
        metadata.namespaces.update(new Namespace("a", Map.of("two", "")), List.of("labels.two"));
        assertThat(metadata.namespaces.labels("a")).isEqualTo(Map.of("one", "9"));
        metadata.namespaces.update(new Namespace("a", Map.of("three", "3")), List.of());
        assertThat(metadata.namespaces.labels("a")).isEqualTo(Map.of("three", "3"));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot update \"name\" field",
                () -> metadata.namespaces.update(new Namespace("a", Map.of()), List.of("name")));
        assertThat(metadata.events.topics().getLast()).isEqualTo("/namespaces/update");
    }

    @Test
    void aNamespaceComesWithItsFirstObjectAndGoesOnlyWhenEmpty() {
        Digest digest = metadata.blob(CTX, "content", Map.of());
        metadata.images.create(CTX, MetadataFixture.image("i", digest, Map.of()));
        metadata.containers.create(CTX, MetadataFixture.container("c"));
        long id = metadata.snapshots.reserveId();
        metadata.snapshots.create(CTX, id, Kind.ACTIVE, "s", "", Map.of());
        metadata.leases.create(CTX, "l", Map.of());

        assertThat(metadata.namespaces.get("testing").labels()).isEmpty();
        assertFails(
                ErrorKind.FAILED_PRECONDITION,
                "namespace \"testing\" must be empty, but it still has images, blobs, containers, snapshots on"
                        + " \"overlayfs\" snapshotter: failed precondition",
                () -> metadata.namespaces.delete("testing"));

        metadata.images.delete(CTX, "i", Optional.empty());
        metadata.containers.delete(CTX, "c");
        metadata.snapshots.remove(CTX, "s");
        metadata.content.delete(CTX, digest);
        metadata.namespaces.delete("testing");

        assertThat(metadata.namespaces.list()).isEmpty();
        assertThat(metadata.leases.list(CTX, List.of())).isEmpty();
        assertThat(metadata.events.topics().getLast()).isEqualTo("/namespaces/delete");
    }
}
