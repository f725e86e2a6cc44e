package dev.wharf.core.content;

import dev.wharf.core.context.Context;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Blobs and ingests as one namespace sees them; what clients and services use.
 *
 * <p>A blob written in one namespace can be opened in another by writing it there with its expected digest: where the
 * sharing policy allows, the bytes are not sent again.
 */
public interface ContentStore {
    /** What is known of a blob; {@code NOT_FOUND}. */
    ContentInfo info(Context ctx, Digest digest);

    /** Changes labels ({@code labels}, {@code labels.K}; none: all); {@code NOT_FOUND}, {@code INVALID_ARGUMENT}. */
    ContentInfo update(Context ctx, ContentInfo info, List<String> paths);

    /** Shows each blob that matches one of the filters (all, when there are none), in the order of digests. */
    void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor);

    /** Takes a blob out of this namespace; {@code NOT_FOUND}. Its bytes go when no namespace has it. */
    void delete(Context ctx, Digest digest);

    /** Opens a blob; {@code NOT_FOUND}. */
    ContentReader open(Context ctx, Digest digest);

    /** Where an ingest stands; {@code NOT_FOUND}. */
    IngestStatus status(Context ctx, String ref);

    /** All ingests that match one of the filters (all, when there are none). */
    List<IngestStatus> statuses(Context ctx, List<String> filters);

    /** Ends an ingest and throws its bytes away; {@code NOT_FOUND}. */
    void abort(Context ctx, String ref);

    /**
     * Opens an ingest, new or to be resumed. {@code UNAVAILABLE} while another writer has it, {@code ALREADY_EXISTS}
     * when {@code expected} names a blob that is already there.
     *
     * @param ref the name of the ingest, not empty
     * @param total its size in bytes, 0 when unknown
     * @param expected its digest, or null
     */
    ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected);

    /** The whole of a small blob, at most {@code limit} bytes; {@code NOT_FOUND}, {@code RESOURCE_EXHAUSTED}. */
    default byte[] read(Context ctx, Descriptor blob, int limit) {
        return SmallBlobs.read(this, ctx, blob, limit);
    }
}
