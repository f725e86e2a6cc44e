package dev.wharf.core.content;

import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one ingest. It holds the ingest's lock until it is closed; what was written stays for a later writer of the
 * same ref to resume.
 */
public interface ContentWriter extends AutoCloseable {
    /** Where the ingest stands. */
    IngestStatus status();

    /** The digest of all bytes so far. */
    Digest digest();

    /** Appends bytes; {@code RESOURCE_EXHAUSTED} when the disk is full. */
    void write(ByteBuffer data);

    /** Throws away all bytes from {@code offset} on; {@code offset} must not be beyond what was written. */
    void truncate(long offset);

    /**
     * Makes the ingest a blob: checks, makes durable, then lists it. {@code FAILED_PRECONDITION} when size or digest
     * differ ({@code 0} and null: not checked), {@code ALREADY_EXISTS} when the blob is there already. The writer is
     * closed by it, except when the check fails.
     */
    void commit(long expectedSize, @Nullable Digest expected, Map<String, String> labels);

    @Override
    void close();
}
