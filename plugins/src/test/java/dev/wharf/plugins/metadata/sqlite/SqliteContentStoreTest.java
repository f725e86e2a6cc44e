package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.oci.Digest;
import dev.wharf.testkit.dirs.TempDirs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteContentStoreTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private final SqliteContentStore content = metadata.content;

    @Test
    void eventsTellOfBlobsThatComeAndGo() {
        Digest digest = metadata.blob(CTX, "blob", Map.of());
        content.delete(CTX, digest);

        assertThat(metadata.events.events())
                .containsExactly(
                        new Event.ContentCreated(digest.toString(), 4), new Event.ContentDeleted(digest.toString()));
    }

    @Test
    void messagesAreTheOnesClientsLookFor() {
        Digest digest = Digest.sha256("x".getBytes(UTF_8));
        metadata.blob(CTX, "x", Map.of());

        assertFails(ErrorKind.NOT_FOUND, "content digest " + digest + ": not found", () -> content.info(OTHER, digest));
        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "content " + digest + ": already exists",
                () -> content.writer(CTX, "ref", 1, digest));
        assertFails(ErrorKind.NOT_FOUND, "reference none: not found", () -> content.status(CTX, "none"));
        assertFails(ErrorKind.NOT_FOUND, "reference none: not found", () -> content.abort(CTX, "none"));
        assertFails(ErrorKind.INVALID_ARGUMENT, "ref must not be empty", () -> content.writer(CTX, "", 0, null));
    }

    @Test
    void aNamespaceHasABoundedNumberOfIngests() {
        content.writer(CTX, "first", 0, null).close();
        metadata.database.write(
                CTX,
                Change.MUTATION,
                tx -> tx.session()
                        .update(
                                "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                                        + " INSERT INTO ingests(ns, ref) SELECT ?, 'r' || i FROM n",
                                IngestRows.MOST,
                                CTX.namespace()));

        assertFails(
                ErrorKind.RESOURCE_EXHAUSTED,
                "open ingest new: namespace testing has 10000 already; abort those nobody writes any more"
                        + " (ctr content active, ctr content abort): resource exhausted",
                () -> content.writer(CTX, "new", 0, null));
        content.writer(CTX, "first", 0, null).close();
        content.writer(OTHER, "new", 0, null).close();
        content.abort(CTX, "first");
        content.writer(CTX, "new", 0, null).close();
    }

    @Test
    void theBlobStoreKnowsAnIngestByNamespaceNumberAndRef() {
        content.writer(CTX, "some/ref", 0, null).close();
        content.writer(OTHER, "some/ref", 0, null).close();

        assertThat(metadata.blobs.statuses())
                .extracting(IngestStatus::ref)
                .containsExactlyInAnyOrder("testing/1/some/ref", "other/2/some/ref");
        content.abort(CTX, "some/ref");
        assertThat(metadata.blobs.statuses()).extracting(IngestStatus::ref).containsExactly("other/2/some/ref");
        content.writer(CTX, "some/ref", 0, null).close();
        assertThat(metadata.blobs.statuses()).extracting(IngestStatus::ref).contains("testing/3/some/ref");
    }

    @Test
    void whatIsWrittenUnderALeaseJoinsIt() {
        metadata.leases.create(CTX, "l", Map.of());
        Context leased = CTX.withLease("l");
        Digest before = metadata.blob(CTX, "before", Map.of());

        assertFails(ErrorKind.ALREADY_EXISTS, "", () -> content.writer(leased, "again", 6, before));
        try (ContentWriter writer = content.writer(leased, "ref", 0, null)) {
            assertThat(metadata.leases.listResources(CTX, "l"))
                    .containsExactly(
                            new LeaseResource(before.toString(), "content"), new LeaseResource("ref", "ingests"));
            writer.commit(0, null, Map.of());
        }
        Digest empty = Digest.sha256(new byte[0]);
        assertThat(metadata.leases.listResources(CTX, "l"))
                .containsExactlyInAnyOrder(
                        new LeaseResource(before.toString(), "content"),
                        new LeaseResource(empty.toString(), "content"));

        content.delete(leased, before);
        assertThat(metadata.leases.listResources(CTX, "l"))
                .containsExactly(new LeaseResource(empty.toString(), "content"));
        assertFails(
                ErrorKind.NOT_FOUND,
                "lease does not exist: not found",
                () -> content.writer(CTX.withLease("none"), "r", 0, null));
    }

    @Test
    void aSharedBlobGetsBytesOfItsOwnWhenItIsWrittenTo() {
        Digest digest = metadata.blob(CTX, "shared", Map.of());
        byte[] longer = "shared and more".getBytes(UTF_8);

        try (ContentWriter writer = content.writer(OTHER, "ref", 0, digest)) {
            assertThat(writer.digest()).isEqualTo(digest);
            writer.write(ByteBuffer.wrap(longer, 6, longer.length - 6));
            assertThat(writer.status().offset()).isEqualTo(longer.length);
            writer.commit(longer.length, Digest.sha256(longer), Map.of());
        }
        try (ContentWriter writer = content.writer(OTHER, "ref", 0, digest)) {
            writer.truncate(3);
            assertThat(writer.status().offset()).isEqualTo(3);
            writer.commit(3, Digest.sha256("sha".getBytes(UTF_8)), Map.of());
        }
        assertThat(content.info(OTHER, Digest.sha256(longer)).size()).isEqualTo(longer.length);
        assertThat(content.info(OTHER, Digest.sha256("sha".getBytes(UTF_8))).size())
                .isEqualTo(3);
    }

    @Test
    void aSharedBlobIsCheckedAtCommit() {
        Digest digest = metadata.blob(CTX, "shared", Map.of());

        try (ContentWriter writer = content.writer(OTHER, "ref", 0, digest)) {
            assertFails(
                    ErrorKind.FAILED_PRECONDITION,
                    "\"ref\" failed size validation: 6 != 7",
                    () -> writer.commit(7, digest, Map.of()));
            assertFails(
                    ErrorKind.FAILED_PRECONDITION,
                    "\"ref\" unexpected digest",
                    () -> writer.commit(6, Digest.sha256(new byte[0]), Map.of()));
            writer.commit(6, digest, Map.of());
        }
        try (ContentWriter writer = content.writer(OTHER, "ref", 0, Digest.sha256(new byte[0]))) {
            assertThat(writer.status().offset()).isZero();
        }
    }

    @Test
    void aWriterWithAnotherSizeThanTheSharedBlobWritesItsOwn() {
        Digest digest = metadata.blob(CTX, "shared", Map.of());

        try (ContentWriter writer = content.writer(OTHER, "ref", 99, digest)) {
            assertThat(writer.status().offset()).isZero();
        }
    }

    @Test
    void committingWhatTheNamespaceHasExistsAndEndsTheIngest() {
        byte[] bytes = "same".getBytes(UTF_8);
        metadata.blob(CTX, "same", Map.of("mine", "1"));

        try (ContentWriter writer = content.writer(CTX, "ref", 0, null)) {
            writer.write(ByteBuffer.wrap(bytes));
            assertFails(
                    ErrorKind.ALREADY_EXISTS,
                    "already exists",
                    () -> writer.commit(4, Digest.sha256(bytes), Map.of("other", "2")));
        }
        assertThat(content.statuses(CTX, List.of())).isEmpty();
        assertThat(content.info(CTX, Digest.sha256(bytes)).labels()).isEqualTo(Map.of("mine", "1"));
    }

    @Test
    void isolatedNamespacesShareOnlyWhatIsLabelledSo() {
        try (MetadataFixture isolated = new MetadataFixture(dirs.directory("isolated"), SharingPolicy.ISOLATED)) {
            Digest digest = isolated.blob(CTX, "secret", Map.of());

            try (ContentWriter writer = isolated.content.writer(OTHER, "ref", 6, digest)) {
                assertThat(writer.status().offset()).isZero();
                writer.write(ByteBuffer.wrap("secret".getBytes(UTF_8)));
                writer.commit(6, digest, Map.of());
            }
            assertThat(isolated.content.info(OTHER, digest).size()).isEqualTo(6);

            isolated.namespaces.update(
                    new Namespace("testing", Map.of("containerd.io/namespace.shareable", "true")), List.of());
            try (ContentWriter writer = isolated.content.writer(Context.of("third"), "ref", 6, digest)) {
                assertThat(writer.status().offset()).isEqualTo(6);
            }
        }
    }
}
