package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer whose disk is full after so many bytes: it takes those, then fails with {@code RESOURCE_EXHAUSTED}. */
public final class FaultyContentWriter implements ContentWriter {
    private final ContentWriter writer;
    private long room;

    /**
     * A writer above another.
     *
     * @param room bytes that still fit
     */
    public FaultyContentWriter(ContentWriter writer, long room) {
        this.writer = writer;
        this.room = room;
    }

    @Override
    public IngestStatus status() {
        return writer.status();
    }

    @Override
    public Digest digest() {
        return writer.digest();
    }

    @Override
    public void write(ByteBuffer data) {
        int fits = (int) Math.min(room, data.remaining());
        ByteBuffer taken = data.slice(data.position(), fits);
        writer.write(taken);
        room -= fits;
        data.position(data.position() + fits);
        if (data.hasRemaining()) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("write to ingest: no space left on device");
        }
    }

    @Override
    public void truncate(long offset) {
        writer.truncate(offset);
    }

    @Override
    public void commit(long expectedSize, @Nullable Digest expected, Map<String, String> labels) {
        writer.commit(expectedSize, expected, labels);
    }

    @Override
    public void close() {
        writer.close();
    }
}
