package dev.wharf.testkit.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.content.BlobStore;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All a blob store must do. */
public interface BlobStoreContract extends WriterContract {
    /** The store under test, the same all through one test, empty at its start. */
    BlobStore store();

    @Override
    default ContentWriter writer(String ref, long total, @Nullable Digest expected) {
        return store().writer(ref, total, expected);
    }

    @Override
    default IngestStatus status(String ref) {
        return store().status(ref);
    }

    @Override
    default List<IngestStatus> statuses() {
        return store().statuses();
    }

    @Override
    default void abort(String ref) {
        store().abort(ref);
    }

    @Override
    default ContentReader open(Digest digest) {
        return store().open(digest);
    }

    @Test
    default void everyBlobIsShownAndHasItsSize() {
        Digest one = add(TestBytes.of(10, 30));
        Digest two = add(TestBytes.of(20, 31));
        List<Digest> shown = new ArrayList<>();

        store().walk(shown::add);

        assertThat(shown).containsExactlyInAnyOrder(one, two);
        assertThat(store().size(one)).isEqualTo(10);
        assertThat(store().size(two)).isEqualTo(20);
    }

    @Test
    default void aDeletedBlobIsGoneAndCanComeBack() {
        TestBytes data = TestBytes.of(10, 32);
        Digest digest = add(data);

        store().delete(digest);

        assertFails(ErrorKind.NOT_FOUND, () -> store().size(digest));
        assertFails(ErrorKind.NOT_FOUND, () -> store().open(digest));
        assertFails(ErrorKind.NOT_FOUND, () -> store().delete(digest));
        assertThat(add(data)).isEqualTo(digest);
    }

    @Test
    default void anOpenBlobCanBeReadToItsEndAfterItWasDeleted() {
        TestBytes data = TestBytes.of(10_000, 33);
        ContentReader reader = store().open(add(data));

        store().delete(data.digest());

        assertThat(TestBytes.readAll(reader)).isEqualTo(data.bytes());
    }

    @Test
    default void aTotalThatDiffersFromThatOfTheIngestIsRefused() {
        store().writer("ref", 10, null).close();

        assertFails(ErrorKind.UNKNOWN, () -> store().writer("ref", 11, null));
        store().writer("ref", 0, null).close();
    }

    private Digest add(TestBytes data) {
        try (ContentWriter writer = store().writer("add", data.size(), data.digest())) {
            writer.write(data.buffer());
            writer.commit(data.size(), data.digest(), Map.of());
        }
        return data.digest();
    }
}
