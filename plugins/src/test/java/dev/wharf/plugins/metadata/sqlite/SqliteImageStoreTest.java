package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.images.Image;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.testkit.dirs.TempDirs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteImageStoreTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private final Digest target = Digest.sha256(new byte[] {1});
    private final Digest newer = Digest.sha256(new byte[] {2});

    @Test
    void anImageIsReadAsItWasWritten() {
        Descriptor descriptor = new Descriptor("type", target, 10, Map.of("note", "a \"quoted\" ü", "none", ""));
        Image made = metadata.images.create(
                CTX,
                new Image(
                        "docker.io/library/busybox:latest",
                        Map.of("k", "v"),
                        descriptor,
                        Instant.EPOCH,
                        Instant.EPOCH));

        assertThat(made.createdAt()).isEqualTo(metadata.clock.instant());
        assertThat(made.target().annotations()).containsOnly(Map.entry("note", "a \"quoted\" ü"));
        assertThat(metadata.images.get(CTX, made.name())).isEqualTo(made);
        assertThat(metadata.events.events()).containsExactly(new Event.ImageCreated(made.name(), Map.of("k", "v")));
    }

    @Test
    void timesThatAreGivenAreKept() {
        Instant given = Instant.parse("2001-02-03T04:05:06.123456789Z");
        Image image = MetadataFixture.image("i", target, Map.of());

        metadata.images.create(CTX, new Image("i", Map.of(), image.target(), given, Instant.EPOCH));

        assertThat(metadata.images.get(CTX, "i").createdAt()).isEqualTo(given);
        assertThat(metadata.images.get(CTX, "i").updatedAt()).isEqualTo(given);
    }

    @Test
    void listsAreSortedFilteredAndOfOneNamespace() {
        metadata.images.create(CTX, MetadataFixture.image("b", target, Map.of("x", "1")));
        metadata.images.create(CTX, MetadataFixture.image("a", newer, Map.of()));
        metadata.images.create(OTHER, MetadataFixture.image("c", target, Map.of()));

        assertThat(metadata.images.list(CTX, List.of())).extracting(Image::name).containsExactly("a", "b");
        assertThat(metadata.images.list(CTX, List.of("labels.x==1")))
                .extracting(Image::name)
                .containsExactly("b");
        assertThat(metadata.images.list(CTX, List.of("target.digest==" + newer)))
                .extracting(Image::name)
                .containsExactly("a");
        assertThat(metadata.images.list(Context.of("none"), List.of())).isEmpty();
        assertFails(ErrorKind.NOT_FOUND, "image \"c\": not found", () -> metadata.images.get(CTX, "c"));
        assertFails(ErrorKind.INVALID_ARGUMENT, "", () -> metadata.images.list(CTX, List.of("labels.x=1")));
    }

    @Test
    void badImagesAreRefused() {
        metadata.images.create(CTX, MetadataFixture.image("i", target, Map.of()));

        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "image \"i\": already exists",
                () -> metadata.images.create(CTX, MetadataFixture.image("i", target, Map.of())));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "image name must not be empty",
                () -> metadata.images.create(CTX, MetadataFixture.image("", target, Map.of())));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "image.Labels: label key and value length",
                () -> metadata.images.create(CTX, MetadataFixture.image("j", target, Map.of("k", "v".repeat(4096)))));
        Image empty = new Image("j", Map.of(), new Descriptor("type", target, 0), Instant.EPOCH, Instant.EPOCH);
        assertFails(ErrorKind.INVALID_ARGUMENT, "target.Size must be", () -> metadata.images.create(CTX, empty));
        Image untyped = new Image("j", Map.of(), new Descriptor("", target, 1), Instant.EPOCH, Instant.EPOCH);
        assertFails(ErrorKind.INVALID_ARGUMENT, "target.MediaType must be", () -> metadata.images.create(CTX, untyped));
        assertThat(metadata.events.topics()).containsExactly("/images/create");
    }

    @Test
    void updateChangesWhatItsPathsName() {
        Image first = metadata.images.create(CTX, MetadataFixture.image("i", target, Map.of("a", "1", "b", "2")));
        metadata.clock.advance(Duration.ofSeconds(5));
        Descriptor other = new Descriptor("type2", newer, 20, Map.of("n", "1"));
        Image given = new Image("i", Map.of("a", "9"), other, Instant.EPOCH, Instant.EPOCH);

        Image one = metadata.images.update(CTX, given, List.of("labels.a", "labels.b"));
        assertThat(one.labels()).isEqualTo(Map.of("a", "9"));
        assertThat(one.target()).isEqualTo(first.target());
        assertThat(one.createdAt()).isEqualTo(first.createdAt());
        assertThat(one.updatedAt()).isEqualTo(metadata.clock.instant());

        Image annotated = metadata.images.update(CTX, given, List.of("annotations.n"));
        assertThat(annotated.target().digest()).isEqualTo(target);
        assertThat(annotated.target().annotations()).isEqualTo(Map.of("n", "1"));

        assertThat(metadata.images.update(CTX, given, List.of()).target()).isEqualTo(other);
        assertThat(metadata.images.get(CTX, "i").target()).isEqualTo(other);
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot update \"name\" field on image \"i\"",
                () -> metadata.images.update(CTX, given, List.of("name")));
        assertFails(
                ErrorKind.NOT_FOUND,
                "image \"x\": not found",
                () -> metadata.images.update(CTX, MetadataFixture.image("x", target, Map.of()), List.of()));
    }

    @Test
    void deleteChecksTheTargetWhenOneIsGiven() {
        metadata.images.create(CTX, MetadataFixture.image("i", target, Map.of()));

        assertFails(
                ErrorKind.NOT_FOUND,
                "image \"i\" has target " + target + ", not " + newer,
                () -> metadata.images.delete(CTX, "i", Optional.of(new Descriptor("t", newer, 1))));
        assertFails(ErrorKind.NOT_FOUND, "image \"i\"", () -> metadata.images.delete(OTHER, "i", Optional.empty()));
        metadata.images.delete(CTX, "i", Optional.of(new Descriptor("t", target, 1)));

        assertFails(ErrorKind.NOT_FOUND, "image \"i\"", () -> metadata.images.delete(CTX, "i", Optional.empty()));
        assertThat(metadata.events.topics()).containsExactly("/images/create", "/images/delete");
    }

    @Test
    void anImageThatExpiresJoinsTheLeaseOfItsRequest() {
        metadata.leases.create(CTX, "l", Map.of());
        Context leased = CTX.withLease("l");

        metadata.images.create(leased, MetadataFixture.image("stays", target, Map.of()));
        metadata.images.create(
                leased, MetadataFixture.image("ends", target, Map.of(GcLabels.EXPIRE, "2027-01-01T00:00:00Z")));

        assertThat(metadata.leases.listResources(CTX, "l")).containsExactly(new LeaseResource("ends", "images"));
        assertFails(
                ErrorKind.NOT_FOUND,
                "lease does not exist: not found",
                () -> metadata.images.create(
                        CTX.withLease("none"),
                        MetadataFixture.image("other", target, Map.of(GcLabels.EXPIRE, "2027-01-01T00:00:00Z"))));
    }
}
