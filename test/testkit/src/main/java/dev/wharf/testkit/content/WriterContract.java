package dev.wharf.testkit.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ingests and their writers do, in a store with namespaces and in one without. */
public interface WriterContract {
    /** Opens an ingest of the store under test. */
    ContentWriter writer(String ref, long total, @Nullable Digest expected);

    /** Where an ingest stands. */
    IngestStatus status(String ref);

    /** All ingests. */
    List<IngestStatus> statuses();

    /** Ends an ingest. */
    void abort(String ref);

    /** Opens a blob. */
    ContentReader open(Digest digest);

    /** After each test: every ingest that is left can be opened, so none is still locked, and can be aborted. */
    @AfterEach
    default void noIngestIsLeftLocked() {
        for (IngestStatus left : statuses()) {
            writer(left.ref(), 0, null).close();
            abort(left.ref());
        }
        assertThat(statuses()).isEmpty();
    }

    @Test
    default void whatIsWrittenCanBeRead() {
        TestBytes data = TestBytes.of(100_000, 1);
        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            writer.write(data.buffer(0, 12_345));
            writer.write(data.buffer(12_345, data.size()));
            assertThat(writer.digest()).isEqualTo(data.digest());
            writer.commit(data.size(), data.digest(), Map.of());
        }

        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
        assertFails(ErrorKind.NOT_FOUND, () -> status("ref"));
    }

    @Test
    default void aBlobWithoutExpectationsIsNamedByItsDigest() {
        TestBytes data = TestBytes.of(10, 2);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer());
            writer.commit(0, null, Map.of());
        }

        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
    }

    @Test
    default void anEmptyBlobIsABlob() {
        TestBytes data = TestBytes.of(0, 3);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.commit(0, data.digest(), Map.of());
        }

        assertThat(TestBytes.readAll(open(data.digest()))).isEmpty();
    }

    @Test
    default void sha512IsNamedBySha512() {
        TestBytes data = TestBytes.of(70_000, 4);
        Digest expected = data.digest("sha512");
        try (ContentWriter writer = writer("known at start", data.size(), expected)) {
            writer.write(data.buffer());
            assertThat(writer.digest()).isEqualTo(expected);
            writer.commit(data.size(), expected, Map.of());
        }

        assertThat(TestBytes.readAll(open(expected))).isEqualTo(data.bytes());
    }

    @Test
    default void sha512AskedForAtCommitIsComputedThen() {
        TestBytes data = TestBytes.of(70_000, 5);
        Digest expected = data.digest("sha512");
        try (ContentWriter writer = writer("known at end", 0, null)) {
            writer.write(data.buffer());
            writer.commit(data.size(), expected, Map.of());
        }

        assertThat(TestBytes.readAll(open(expected))).isEqualTo(data.bytes());
    }

    @Test
    default void statusTellsHowFarItHasCome() {
        TestBytes data = TestBytes.of(1000, 6);
        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            assertThat(writer.status().offset()).isZero();
            writer.write(data.buffer(0, 400));

            assertThat(writer.status().ref()).isEqualTo("ref");
            assertThat(writer.status().offset()).isEqualTo(400);
            assertThat(writer.status().total()).isEqualTo(1000);
            assertThat(writer.status().updatedAt())
                    .isAfterOrEqualTo(writer.status().startedAt());
            assertThat(status("ref").offset()).isEqualTo(400);
            assertThat(status("ref").total()).isEqualTo(1000);
            assertThat(statuses()).extracting(IngestStatus::ref).containsExactly("ref");
        }
    }

    @Test
    default void aSecondWriterOfARefIsTurnedAway() {
        try (ContentWriter first = writer("ref", 0, null)) {
            assertFails(ErrorKind.UNAVAILABLE, () -> writer("ref", 0, null));
            writer("other", 0, null).close();
            first.write(TestBytes.of(5, 7).buffer());
        }

        writer("ref", 0, null).close();
    }

    @Test
    default void anIngestIsResumedWhereItStopped() {
        TestBytes data = TestBytes.of(200_000, 8);
        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            writer.write(data.buffer(0, 150_001));
        }

        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            assertThat(writer.status().offset()).isEqualTo(150_001);
            writer.write(data.buffer(150_001, data.size()));
            writer.commit(data.size(), data.digest(), Map.of());
        }
        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
    }

    @Test
    default void aResumedIngestCanStartOver() {
        TestBytes data = TestBytes.of(50_000, 9);
        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            writer.write(TestBytes.of(60_000, 10).buffer());
        }

        try (ContentWriter writer = writer("ref", data.size(), data.digest())) {
            writer.truncate(0);
            assertThat(writer.status().offset()).isZero();
            writer.write(data.buffer());
            writer.commit(data.size(), data.digest(), Map.of());
        }
        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
    }

    @Test
    default void truncateKeepsWhatIsBefore() {
        TestBytes data = TestBytes.of(50_000, 11);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer(0, 30_000));
            writer.write(TestBytes.of(100, 12).buffer());
            writer.truncate(30_000);
            writer.write(data.buffer(30_000, data.size()));
            writer.commit(data.size(), data.digest(), Map.of());
        }

        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
    }

    @Test
    default void aWrongSizeIsRefusedAndTheIngestStays() {
        TestBytes data = TestBytes.of(100, 13);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer(0, 60));

            assertFails(ErrorKind.FAILED_PRECONDITION, () -> writer.commit(data.size(), null, Map.of()));
        }

        assertThat(status("ref").offset()).isEqualTo(60);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer(60, 100));
            writer.commit(data.size(), data.digest(), Map.of());
        }
    }

    @Test
    default void aWrongDigestIsRefusedAndNothingIsListed() {
        TestBytes data = TestBytes.of(100, 14);
        Digest wrong = TestBytes.of(100, 15).digest();
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer());

            assertFails(ErrorKind.FAILED_PRECONDITION, () -> writer.commit(100, wrong, Map.of()));
        }

        assertFails(ErrorKind.NOT_FOUND, () -> open(wrong));
        assertFails(ErrorKind.NOT_FOUND, () -> open(data.digest()));
        assertThat(status("ref").offset()).isEqualTo(100);
    }

    @Test
    default void aBlobThatCameMeanwhileAlreadyExists() {
        TestBytes data = TestBytes.of(100, 16);
        try (ContentWriter late = writer("late", 0, null)) {
            late.write(data.buffer());
            try (ContentWriter first = writer("first", 0, null)) {
                first.write(data.buffer());
                first.commit(0, null, Map.of());
            }

            assertFails(ErrorKind.ALREADY_EXISTS, () -> late.commit(100, data.digest(), Map.of()));
        }

        assertFails(ErrorKind.NOT_FOUND, () -> status("late"));
        assertThat(TestBytes.readAll(open(data.digest()))).isEqualTo(data.bytes());
    }

    @Test
    default void anAbortedIngestIsGone() {
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(TestBytes.of(100, 17).buffer());
        }

        abort("ref");

        assertFails(ErrorKind.NOT_FOUND, () -> status("ref"));
        assertFails(ErrorKind.NOT_FOUND, () -> abort("ref"));
        try (ContentWriter writer = writer("ref", 0, null)) {
            assertThat(writer.status().offset()).isZero();
        }
    }

    @Test
    default void aReaderReadsAtAnyOffset() throws Exception {
        TestBytes data = TestBytes.of(10_000, 18);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer());
            writer.commit(0, null, Map.of());
        }

        try (ContentReader reader = open(data.digest())) {
            assertThat(reader.size()).isEqualTo(10_000);
            ByteBuffer some = ByteBuffer.allocate(100);
            assertThat(reader.read(some, 9_950)).isEqualTo(50);
            assertThat(some.flip()).isEqualTo(data.buffer(9_950, 10_000));
            assertThat(reader.read(ByteBuffer.allocate(1), 10_000)).isEqualTo(-1);
        }
    }

    @Test
    default void nothingCanBeCommittedTwice() {
        ContentWriter writer = writer("ref", 0, null);
        writer.write(TestBytes.of(100, 19).buffer());
        writer.commit(0, null, Map.of());

        assertFails(ErrorKind.FAILED_PRECONDITION, () -> writer.commit(0, null, Map.of()));
        writer.close();
        writer.close();
    }

    @Test
    default void aRefMustNotBeEmpty() {
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> writer("", 0, null));
    }

    @Test
    default void whatIsNotThereIsNotFound() {
        Digest nobody = TestBytes.of(100, 20).digest();

        assertFails(ErrorKind.NOT_FOUND, () -> open(nobody));
        assertFails(ErrorKind.NOT_FOUND, () -> status("nobody"));
        assertFails(ErrorKind.NOT_FOUND, () -> abort("nobody"));
    }

    /** Asserts that a call fails with this kind. */
    default void assertFails(ErrorKind kind, ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WharfException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
