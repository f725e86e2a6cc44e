package dev.wharf.testkit.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All a content store must do, whose namespaces share their blobs. */
public interface ContentStoreContract extends WriterContract {
    /** The store under test, the same all through one test, empty at its start. */
    ContentStore store();

    /** The namespace most tests work in; the store knows it. */
    default Context ctx() {
        return Context.of("testing");
    }

    /** A second namespace; the store knows it. */
    default Context other() {
        return Context.of("other");
    }

    @Override
    default ContentWriter writer(String ref, long total, @Nullable Digest expected) {
        return store().writer(ctx(), ref, total, expected);
    }

    @Override
    default IngestStatus status(String ref) {
        return store().status(ctx(), ref);
    }

    @Override
    default List<IngestStatus> statuses() {
        return store().statuses(ctx(), List.of());
    }

    @Override
    default void abort(String ref) {
        store().abort(ctx(), ref);
    }

    @Override
    default ContentReader open(Digest digest) {
        return store().open(ctx(), digest);
    }

    @Test
    default void infoHasSizeAndLabels() {
        Digest digest = add(ctx(), TestBytes.of(100, 40), Map.of("color", "blue"));

        ContentInfo info = store().info(ctx(), digest);

        assertThat(info.digest()).isEqualTo(digest);
        assertThat(info.size()).isEqualTo(100);
        assertThat(info.labels()).containsExactly(Map.entry("color", "blue"));
        assertThat(info.updatedAt()).isEqualTo(info.createdAt());
    }

    @Test
    default void updateChangesLabelsByPath() {
        Digest digest = add(ctx(), TestBytes.of(100, 41), Map.of("a", "1", "b", "2"));

        ContentInfo one = store().update(ctx(), labelled(digest, Map.of("a", "9")), List.of("labels.a"));
        assertThat(one.labels()).containsOnly(Map.entry("a", "9"), Map.entry("b", "2"));
        assertThat(one.size()).isEqualTo(100);

        ContentInfo less = store().update(ctx(), labelled(digest, Map.of()), List.of("labels.b"));
        assertThat(less.labels()).containsOnly(Map.entry("a", "9"));

        store().update(ctx(), labelled(digest, Map.of("c", "3")), List.of());
        assertThat(store().info(ctx(), digest).labels()).containsOnly(Map.entry("c", "3"));
        assertFails(
                ErrorKind.INVALID_ARGUMENT, () -> store().update(ctx(), labelled(digest, Map.of()), List.of("size")));
    }

    @Test
    default void aLabelThatIsTooLongIsRefused() {
        Digest digest = add(ctx(), TestBytes.of(100, 42), Map.of());

        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                () -> store().update(ctx(), labelled(digest, Map.of("k", "v".repeat(4096))), List.of("labels.k")));
    }

    @Test
    default void walkShowsMatchingBlobsInTheOrderOfDigests() {
        Digest red = add(ctx(), TestBytes.of(10, 43), Map.of("color", "red"));
        Digest blue = add(ctx(), TestBytes.of(20, 44), Map.of("color", "blue"));
        Digest plain = add(ctx(), TestBytes.of(30, 45), Map.of());

        assertThat(walk(ctx()))
                .containsExactlyElementsOf(Stream.of(red, blue, plain)
                        .sorted(Comparator.comparing(Digest::toString))
                        .toList());
        assertThat(walk(ctx(), "labels.color==red")).containsExactly(red);
        assertThat(walk(ctx(), "digest==" + plain, "labels.color==blue")).containsExactlyInAnyOrder(plain, blue);
        assertThat(walk(ctx(), "labels.color==green")).isEmpty();
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> walk(ctx(), "labels.color=red"));
    }

    @Test
    default void statusesCanBeFilteredByRef() {
        writer("one", 0, null).close();
        writer("two", 0, null).close();

        assertThat(store().statuses(ctx(), List.of("ref==two")))
                .extracting(IngestStatus::ref)
                .containsExactly("two");
    }

    @Test
    default void anExpectedBlobThatIsThereAlreadyExists() {
        Digest digest = add(ctx(), TestBytes.of(100, 46), Map.of());

        assertFails(ErrorKind.ALREADY_EXISTS, () -> writer("again", 100, digest));
        assertThat(statuses()).isEmpty();
    }

    @Test
    default void aDeletedBlobIsGone() {
        Digest digest = add(ctx(), TestBytes.of(100, 47), Map.of());

        store().delete(ctx(), digest);

        assertFails(ErrorKind.NOT_FOUND, () -> store().info(ctx(), digest));
        assertFails(ErrorKind.NOT_FOUND, () -> store().open(ctx(), digest));
        assertFails(ErrorKind.NOT_FOUND, () -> store().delete(ctx(), digest));
        assertFails(ErrorKind.NOT_FOUND, () -> store().update(ctx(), labelled(digest, Map.of()), List.of()));
        assertThat(walk(ctx())).isEmpty();
    }

    @Test
    default void aSmallBlobIsReadWholeWithinALimit() {
        TestBytes data = TestBytes.of(100, 48);
        add(ctx(), data, Map.of());
        Descriptor descriptor = new Descriptor("application/octet-stream", data.digest(), 100);

        assertThat(store().read(ctx(), descriptor, 100)).isEqualTo(data.bytes());
        assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> store().read(ctx(), descriptor, 99));
    }

    @Test
    default void namespacesDoNotSeeEachOther() {
        Digest digest = add(ctx(), TestBytes.of(100, 49), Map.of());
        try (ContentWriter mine = writer("ref", 0, null);
                ContentWriter theirs = store().writer(other(), "ref", 0, null)) {
            mine.write(TestBytes.of(3, 50).buffer());

            assertThat(theirs.status().offset()).isZero();
            assertFails(ErrorKind.NOT_FOUND, () -> store().info(other(), digest));
            assertFails(ErrorKind.NOT_FOUND, () -> store().open(other(), digest));
            assertThat(walk(other())).isEmpty();
        }
        store().abort(other(), "ref");
    }

    @Test
    default void aBlobOfAnotherNamespaceNeedsNotBeSentAgain() {
        TestBytes data = TestBytes.of(1000, 51);
        add(ctx(), data, Map.of("mine", "1"));

        try (ContentWriter writer = store().writer(other(), "share", data.size(), data.digest())) {
            assertThat(writer.status().offset()).isEqualTo(1000);
            writer.commit(data.size(), data.digest(), Map.of("theirs", "2"));
        }

        assertThat(store().info(other(), data.digest()).labels()).containsOnly(Map.entry("theirs", "2"));
        assertThat(store().info(ctx(), data.digest()).labels()).containsOnly(Map.entry("mine", "1"));
        assertThat(store().statuses(other(), List.of())).isEmpty();
    }

    @Test
    default void aBlobDeletedInOneNamespaceStaysInTheOther() {
        TestBytes data = TestBytes.of(1000, 52);
        add(ctx(), data, Map.of());
        try (ContentWriter writer = store().writer(other(), "share", data.size(), data.digest())) {
            writer.commit(data.size(), data.digest(), Map.of());
        }

        store().delete(ctx(), data.digest());

        assertThat(TestBytes.readAll(store().open(other(), data.digest()))).isEqualTo(data.bytes());
    }

    private Digest add(Context ctx, TestBytes data, Map<String, String> labels) {
        try (ContentWriter writer = store().writer(ctx, "add", data.size(), data.digest())) {
            writer.write(data.buffer());
            writer.commit(data.size(), data.digest(), labels);
        }
        return data.digest();
    }

    private List<Digest> walk(Context ctx, String... filters) {
        List<Digest> found = new ArrayList<>();
        store().walk(ctx, List.of(filters), info -> found.add(info.digest()));
        return found;
    }

    private static ContentInfo labelled(Digest digest, Map<String, String> labels) {
        return new ContentInfo(digest, 0, Instant.EPOCH, Instant.EPOCH, labels);
    }
}
