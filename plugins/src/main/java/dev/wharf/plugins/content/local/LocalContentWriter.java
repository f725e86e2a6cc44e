package dev.wharf.plugins.content.local;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one ingest. Used by one thread at a time; labels are for the store above. */
final class LocalContentWriter implements ContentWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LocalContentWriter.class);

    private final LocalContentStore store;
    private final IngestDirectory directory;
    private final IngestFile file;
    private final String ref;
    private final long total;
    private final @Nullable Digest expected;
    private final Instant startedAt;
    private Instant updatedAt;
    private boolean closed;

    /**
     * Takes over an open file and the lock of the ref.
     *
     * @param status what the ingest's files say of it
     */
    LocalContentWriter(
            LocalContentStore store,
            IngestDirectory directory,
            IngestFile file,
            IngestStatus status,
            @Nullable Digest expected) {
        this.store = store;
        this.directory = directory;
        this.file = file;
        this.ref = status.ref();
        this.total = status.total();
        this.expected = expected;
        this.startedAt = status.startedAt();
        this.updatedAt = status.updatedAt();
    }

    @Override
    public IngestStatus status() {
        return new IngestStatus(ref, file.size(), total, expected, startedAt, updatedAt);
    }

    @Override
    public Digest digest() {
        return file.digest();
    }

    @Override
    public void write(ByteBuffer data) {
        checkOpen("write");
        try {
            file.append(data);
        } catch (IOException e) {
            throw DiskErrors.of("write to ingest " + ref, e);
        } finally {
            updatedAt = store.now();
        }
    }

    @Override
    public void truncate(long offset) {
        checkOpen("truncate");
        if (offset < 0 || offset > file.size()) {
            throw ErrorKind.OUT_OF_RANGE.of(
                    "truncate ingest " + ref + " to " + offset + " of " + file.size() + " bytes");
        }
        try {
            file.truncate(offset);
            updatedAt = store.now();
        } catch (IOException e) {
            throw DiskErrors.of("truncate ingest " + ref, e);
        }
    }

    @Override
    public void commit(long expectedSize, @Nullable Digest wanted, Map<String, String> labels) {
        checkOpen("commit");
        Digest digest = checked(expectedSize, wanted);
        try {
            store.list(directory, file, digest);
        } catch (IOException e) {
            throw DiskErrors.of("commit ingest " + ref, e);
        } finally {
            release();
        }
    }

    private Digest checked(long expectedSize, @Nullable Digest wanted) {
        if (expectedSize > 0 && expectedSize != file.size()) {
            throw ErrorKind.FAILED_PRECONDITION.of(
                    "unexpected commit size " + file.size() + ", expected " + expectedSize);
        }
        Digest digest = digestLike(wanted);
        if (wanted != null && !wanted.equals(digest)) {
            throw ErrorKind.FAILED_PRECONDITION.of("unexpected commit digest " + digest + ", expected " + wanted);
        }
        return digest;
    }

    private Digest digestLike(@Nullable Digest wanted) {
        try {
            return wanted == null ? file.digest() : file.digest(wanted.algorithm());
        } catch (IOException e) {
            throw DiskErrors.of("hash ingest " + ref + " again", e);
        }
    }

    /** Keeps what was written for a later writer of the ref. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            directory.writeUpdated(updatedAt);
        } catch (IOException e) {
            LOG.debug("cannot note the time of an ingest ref={}", ref, e);
        } finally {
            release();
        }
    }

    private void release() {
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("cannot close an ingest ref={}", ref, e);
        } finally {
            store.release(ref);
        }
    }

    private void checkOpen(String doing) {
        if (closed) {
            throw ErrorKind.FAILED_PRECONDITION.of("cannot " + doing + " on closed writer");
        }
    }
}
