package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.testkit.dirs.TempDirs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteContainerStoreTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private static final TypedValue VALUE = new TypedValue("type", new byte[] {0, 1, -1});

    @Test
    void aContainerIsReadAsItWasWritten() {
        Container given = new Container(
                "c1",
                Map.of("k", "v", "none", ""),
                "docker.io/library/busybox:latest",
                new Container.Runtime("io.containerd.runc.v2", new TypedValue("", new byte[0])),
                VALUE,
                "overlayfs",
                "key",
                "sandbox",
                Map.of("ext", VALUE, "empty", new TypedValue("", new byte[0])),
                Instant.EPOCH,
                Instant.EPOCH);

        Container made = metadata.containers.create(CTX, given);

        assertThat(made.labels()).isEqualTo(Map.of("k", "v"));
        assertThat(made.extensions()).isEqualTo(given.extensions());
        assertThat(made.createdAt()).isEqualTo(metadata.clock.instant());
        assertThat(metadata.containers.get(CTX, "c1")).isEqualTo(made);
        assertThat(metadata.events.events())
                .containsExactly(new Event.ContainerCreated("c1", made.image(), made.runtime()));
    }

    @Test
    void listsAreSortedFilteredAndOfOneNamespace() {
        metadata.containers.create(CTX, MetadataFixture.container("b", "", "", Map.of("x", "1")));
        metadata.containers.create(CTX, MetadataFixture.container("a"));
        metadata.containers.create(OTHER, MetadataFixture.container("c"));

        assertThat(metadata.containers.list(CTX, List.of()))
                .extracting(Container::id)
                .containsExactly("a", "b");
        assertThat(metadata.containers.list(CTX, List.of("id~=^b$", "labels.x==2")))
                .extracting(Container::id)
                .containsExactly("b");
        assertFails(
                ErrorKind.NOT_FOUND,
                "container \"c\" in namespace \"testing\": not found",
                () -> metadata.containers.get(CTX, "c"));
    }

    @Test
    void badContainersAreRefused() {
        metadata.containers.create(CTX, MetadataFixture.container("c"));
        Container runtimeless = with(MetadataFixture.container("d"), new Container.Runtime("", null), VALUE);
        Container specless = with(MetadataFixture.container("d"), new Container.Runtime("r", null), null);

        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "container \"c\": already exists",
                () -> metadata.containers.create(CTX, MetadataFixture.container("c")));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "create container failed validation: container.ID: identifier",
                () -> metadata.containers.create(CTX, MetadataFixture.container("bad/id")));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "container.Runtime.Name must be set",
                () -> metadata.containers.create(CTX, runtimeless));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "container.Spec must be set",
                () -> metadata.containers.create(CTX, specless));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "container.Snapshotter must be set if container.SnapshotKey is set",
                () -> metadata.containers.create(CTX, MetadataFixture.container("d", "", "key", Map.of())));
        assertThat(metadata.events.topics()).containsExactly("/containers/create");
    }

    @Test
    void updateChangesWhatItsPathsName() {
        Container first =
                metadata.containers.create(CTX, MetadataFixture.container("c", "overlayfs", "key", Map.of("a", "1")));
        metadata.clock.advance(Duration.ofSeconds(1));
        Container given = new Container(
                "c",
                Map.of("a", "2", "b", "3"),
                "new image",
                first.runtime(),
                VALUE,
                "overlayfs",
                "new key",
                "other",
                Map.of("x", VALUE, "y", VALUE),
                Instant.EPOCH,
                Instant.EPOCH);

        Container one = metadata.containers.update(CTX, given, List.of("labels.b", "extensions.x"));
        assertThat(one.labels()).isEqualTo(Map.of("a", "1", "b", "3"));
        assertThat(one.extensions()).isEqualTo(Map.of("x", VALUE));
        assertThat(one.image()).isEqualTo(first.image());
        assertThat(one.updatedAt()).isEqualTo(metadata.clock.instant());

        Container all = metadata.containers.update(CTX, given, List.of());
        assertThat(all.snapshotKey()).isEqualTo("new key");
        assertThat(all.spec()).isEqualTo(VALUE);
        assertThat(all.sandbox()).isEmpty();
        assertThat(metadata.containers.get(CTX, "c")).isEqualTo(all);
        assertThat(metadata.events.events().getLast())
                .isEqualTo(new Event.ContainerUpdated("c", "new image", all.labels(), "new key"));

        Container gone = metadata.containers.update(CTX, MetadataFixture.container("c"), List.of("extensions"));
        assertThat(gone.extensions()).isEmpty();
    }

    @Test
    void whatCannotChangeIsRefused() {
        metadata.containers.create(CTX, MetadataFixture.container("c"));

        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "container.Snapshotter field is immutable",
                () -> metadata.containers.update(
                        CTX, MetadataFixture.container("c", "native", "", Map.of()), List.of()));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "container.Runtime.Name field is immutable",
                () -> metadata.containers.update(
                        CTX,
                        with(MetadataFixture.container("c"), new Container.Runtime("other", null), VALUE),
                        List.of()));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot update \"runtime\" field on \"c\"",
                () -> metadata.containers.update(CTX, MetadataFixture.container("c"), List.of("runtime")));
        assertFails(
                ErrorKind.NOT_FOUND,
                "container \"x\": not found",
                () -> metadata.containers.update(CTX, MetadataFixture.container("x"), List.of()));
    }

    @Test
    void aDeletedContainerIsGone() {
        metadata.containers.create(CTX, MetadataFixture.container("c"));

        assertFails(ErrorKind.NOT_FOUND, "container \"c\"", () -> metadata.containers.delete(OTHER, "c"));
        metadata.containers.delete(CTX, "c");

        assertFails(ErrorKind.NOT_FOUND, "not found", () -> metadata.containers.delete(CTX, "c"));
        assertThat(metadata.events.events().getLast()).isEqualTo(new Event.ContainerDeleted("c"));
    }

    private static Container with(Container container, Container.Runtime runtime, @Nullable TypedValue spec) {
        return new Container(
                container.id(),
                container.labels(),
                container.image(),
                runtime,
                spec,
                container.snapshotter(),
                container.snapshotKey(),
                container.sandbox(),
                container.extensions(),
                container.createdAt(),
                container.updatedAt());
    }
}
