package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one ingest of an {@link InMemoryContentStore}. */
final class InMemoryContentWriter implements ContentWriter {
    private final InMemoryContentStore store;
    private final Context ctx;
    private final InMemoryIngest ingest;

    /** Guarded by the store's lock. */
    private boolean closed;

    InMemoryContentWriter(InMemoryContentStore store, Context ctx, InMemoryIngest ingest) {
        this.store = store;
        this.ctx = ctx;
        this.ingest = ingest;
    }

    @Override
    public IngestStatus status() {
        return store.locked(ingest::status);
    }

    @Override
    public Digest digest() {
        return store.locked(() -> ingest.digest(null));
    }

    @Override
    public void write(ByteBuffer data) {
        whileOpen(() -> ingest.append(data));
    }

    @Override
    public void truncate(long offset) {
        whileOpen(() -> ingest.truncate(offset));
    }

    @Override
    public void commit(long expectedSize, @Nullable Digest expected, Map<String, String> labels) {
        whileOpen(() -> {
            long size = ingest.data().length;
            if (expectedSize > 0 && size != expectedSize) {
                throw ErrorKind.FAILED_PRECONDITION.of("unexpected commit size " + size + ", expected " + expectedSize);
            }
            Digest digest = ingest.digest(expected);
            if (expected != null && !digest.equals(expected)) {
                throw ErrorKind.FAILED_PRECONDITION.of("unexpected commit digest " + digest + ", expected " + expected);
            }
            closed = true;
            store.commit(ctx, ingest, digest, labels);
        });
    }

    @Override
    public void close() {
        store.locked(() -> {
            if (!closed) {
                closed = true;
                ingest.close();
            }
            return ingest;
        });
    }

    private void whileOpen(Runnable work) {
        store.locked(() -> {
            if (closed) {
                throw ErrorKind.FAILED_PRECONDITION.of("writer of ref " + ingest.ref() + " is closed");
            }
            work.run();
            return ingest;
        });
    }
}
