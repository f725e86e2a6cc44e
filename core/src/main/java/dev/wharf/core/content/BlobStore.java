package dev.wharf.core.content;

import dev.wharf.core.oci.Digest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes below all namespaces: blobs by digest, ingests by a reference that is unique in the whole store.
 *
 * <p>Its writers check size and digest at commit and make the bytes durable before the blob has its name.
 */
public interface BlobStore {
    /** Size of a blob in bytes; {@code NOT_FOUND}. */
    long size(Digest digest);

    /** Opens a blob; {@code NOT_FOUND}. */
    ContentReader open(Digest digest);

    /** Deletes a blob; {@code NOT_FOUND}. */
    void delete(Digest digest);

    /** Shows every blob. */
    void walk(Consumer<Digest> visitor);

    /** Where an ingest stands; {@code NOT_FOUND}. */
    IngestStatus status(String ref);

    /** All ingests. */
    List<IngestStatus> statuses();

    /** Ends an ingest and throws its bytes away; {@code NOT_FOUND}. */
    void abort(String ref);

    /** Opens an ingest, new or to be resumed; {@code UNAVAILABLE} while another writer has it. Labels are ignored. */
    ContentWriter writer(String ref, long total, @Nullable Digest expected);
}
