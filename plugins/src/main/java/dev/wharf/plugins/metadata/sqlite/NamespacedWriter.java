package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer of one namespace. It either writes bytes of its own or stands for a blob that another namespace has: then it
 * is complete from the start, and gets bytes of its own only when somebody writes to it or cuts it.
 *
 * <p>Used by one thread at a time.
 */
final class NamespacedWriter implements ContentWriter {
    private static final int COPY_BYTES = 1 << 20;

    private final SqliteContentStore store;
    private final Context ctx;
    private final IngestRows.Row row;
    private final Instant started;
    private @Nullable ContentWriter own;
    private @Nullable Shared shared;

    /**
     * A blob of another namespace.
     *
     * @param digest the blob
     * @param size its size in bytes
     */
    record Shared(Digest digest, long size) {}

    NamespacedWriter(SqliteContentStore store, Context ctx, IngestRows.Row row, ContentWriter own) {
        this(store, ctx, row, own, null);
    }

    NamespacedWriter(SqliteContentStore store, Context ctx, IngestRows.Row row, Shared shared) {
        this(store, ctx, row, null, shared);
    }

    private NamespacedWriter(
            SqliteContentStore store,
            Context ctx,
            IngestRows.Row row,
            @Nullable ContentWriter own,
            @Nullable Shared shared) {
        this.store = store;
        // The deadline was that of opening; what follows is bounded by the database's own.
        this.ctx = ctx.withDeadline(null);
        this.row = row;
        this.own = own;
        this.shared = shared;
        this.started = store.clock().instant();
    }

    @Override
    public IngestStatus status() {
        if (shared != null) {
            return new IngestStatus(row.ref(), shared.size(), shared.size(), shared.digest(), started, started);
        }
        IngestStatus status = own().status();
        return new IngestStatus(
                row.ref(), status.offset(), status.total(), status.expected(), status.startedAt(), status.updatedAt());
    }

    @Override
    public Digest digest() {
        return shared != null ? shared.digest() : own().digest();
    }

    @Override
    public void write(ByteBuffer data) {
        if (!data.hasRemaining()) {
            return;
        }
        if (shared != null) {
            copy(shared, shared.size());
        }
        own().write(data);
    }

    @Override
    public void truncate(long offset) {
        if (shared == null) {
            own().truncate(offset);
        } else if (offset > shared.size()) {
            throw ErrorKind.OUT_OF_RANGE.of("cut ingest " + row.ref() + " of " + shared.size() + " bytes at " + offset);
        } else {
            copy(shared, offset);
        }
    }

    @Override
    public void commit(long expectedSize, @Nullable Digest expected, Map<String, String> labels) {
        StoreRules.checkLabels("info.Labels", labels);
        IngestStatus status = status();
        if (expectedSize != 0 && expectedSize != status.offset()) {
            throw ErrorKind.FAILED_PRECONDITION.of(
                    "\"" + row.ref() + "\" failed size validation: " + status.offset() + " != " + expectedSize);
        }
        if (shared != null) {
            commitShared(shared, expected, labels);
        } else {
            commitOwn(status.offset(), expected, labels);
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }

    private void commitShared(Shared blob, @Nullable Digest expected, Map<String, String> labels) {
        if (expected != null && !expected.equals(blob.digest())) {
            throw ErrorKind.FAILED_PRECONDITION.of("\"" + row.ref() + "\" unexpected digest");
        }
        try (Pins pins = new Pins(store.pins())) {
            pins.add(blob.digest());
            store.blobs().size(blob.digest());
            store.list(ctx, row.ref(), blob.digest(), blob.size(), labels);
        }
    }

    private void commitOwn(long size, @Nullable Digest expected, Map<String, String> labels) {
        ContentWriter writer = own();
        Digest written = writer.digest();
        Digest digest = expected == null ? written : expected;
        try (Pins pins = new Pins(store.pins())) {
            pins.add(digest);
            commitBytes(writer, size, expected);
            store.list(ctx, row.ref(), digest, size, labels);
        }
    }

    /** That the blob store has the bytes already, from another namespace, is no failure here. */
    private static void commitBytes(ContentWriter writer, long size, @Nullable Digest expected) {
        try {
            writer.commit(size, expected, Map.of());
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /** Gives this writer bytes of its own, the first {@code length} of the blob it stood for. */
    private void copy(Shared blob, long length) {
        ContentWriter writer = store.blobs().writer(row.backendRef(), 0, null);
        try (ContentReader reader = store.blobs().open(blob.digest())) {
            writer.truncate(0);
            copy(reader, writer, length);
        } catch (IOException e) {
            writer.close();
            throw ErrorKind.INTERNAL.of("copy blob " + blob.digest() + " to ingest " + row.ref(), e);
        } catch (WharfException e) {
            writer.close();
            throw e;
        }
        own = writer;
        shared = null;
    }

    private static void copy(ContentReader reader, ContentWriter writer, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, length));
        long offset = 0;
        while (offset < length) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - offset));
            int read = reader.read(buffer, offset);
            if (read < 0) {
                throw new IOException("the blob ends at " + offset);
            }
            writer.write(buffer.flip());
            offset += read;
        }
    }

    private ContentWriter own() {
        if (own == null) {
            throw new IllegalStateException("the writer stands for a blob and has no bytes");
        }
        return own;
    }

    /** Pins that are let go together. */
    private static final class Pins implements AutoCloseable {
        private final BlobPins pins;
        private final Deque<BlobPins.Pin> held = new ArrayDeque<>();

        Pins(BlobPins pins) {
            this.pins = pins;
        }

        void add(Digest digest) {
            held.push(pins.pin(digest));
        }

        @Override
        public void close() {
            held.forEach(BlobPins.Pin::close);
        }
    }
}
