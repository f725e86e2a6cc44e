package dev.wharf.services.testing;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blobs and ingests in memory, with the locking and the checks that the interface promises. */
public final class FakeContentStore implements ContentStore {
    public static final Instant MADE = Instant.ofEpochSecond(1_700_000_000, 5);

    public final Map<String, byte[]> blobs = new ConcurrentSkipListMap<>();
    public final Map<String, Map<String, String>> labels = new ConcurrentSkipListMap<>();
    public final Map<String, Ingest> ingests = new ConcurrentSkipListMap<>();
    public final AtomicInteger openWriters = new AtomicInteger();
    public final AtomicInteger openReaders = new AtomicInteger();
    public volatile List<String> lastPaths = List.of();

    public static final class Ingest {
        private byte[] bytes = new byte[0];
        private final AtomicBoolean locked = new AtomicBoolean();

        public byte[] bytes() {
            return bytes;
        }
    }

    /** Puts a blob in. */
    public Digest put(Context ctx, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        blobs.put(key(ctx, digest), bytes);
        return digest;
    }

    private static String key(Context ctx, Digest digest) {
        return ctx.namespace() + "/" + digest;
    }

    private byte[] blob(Context ctx, Digest digest) {
        byte[] bytes = blobs.get(key(ctx, digest));
        if (bytes == null) {
            throw ErrorKind.NOT_FOUND.of("content " + digest);
        }
        return bytes;
    }

    @Override
    public ContentInfo info(Context ctx, Digest digest) {
        int size = blob(ctx, digest).length;
        return new ContentInfo(digest, size, MADE, MADE, labels.getOrDefault(key(ctx, digest), Map.of()));
    }

    @Override
    public ContentInfo update(Context ctx, ContentInfo info, List<String> paths) {
        blob(ctx, info.digest());
        lastPaths = paths;
        labels.put(key(ctx, info.digest()), info.labels());
        return info(ctx, info.digest());
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor) {
        Filter filter = Filter.parse(filters);
        for (String key : blobs.keySet()) {
            if (key.startsWith(ctx.namespace() + "/")) {
                ContentInfo info =
                        info(ctx, Digest.parse(key.substring(ctx.namespace().length() + 1)));
                if (filter.matches(info)) {
                    visitor.accept(info);
                }
            }
        }
    }

    @Override
    public void delete(Context ctx, Digest digest) {
        blob(ctx, digest);
        blobs.remove(key(ctx, digest));
    }

    @Override
    public ContentReader open(Context ctx, Digest digest) {
        byte[] bytes = blob(ctx, digest);
        openReaders.incrementAndGet();
        return new ContentReader() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(ByteBuffer buffer, long offset) {
                if (offset >= bytes.length) {
                    return -1;
                }
                // Short reads, as a file may give.
                int count = (int) Math.min(Math.min(buffer.remaining(), 300_000), bytes.length - offset);
                buffer.put(bytes, (int) offset, count);
                return count;
            }

            @Override
            public void close() {
                openReaders.decrementAndGet();
            }
        };
    }

    @Override
    public IngestStatus status(Context ctx, String ref) {
        Ingest ingest = ingests.get(ref);
        if (ingest == null) {
            throw ErrorKind.NOT_FOUND.of("ingest " + ref);
        }
        return new IngestStatus(ref, ingest.bytes.length, 0, null, MADE, MADE);
    }

    @Override
    public List<IngestStatus> statuses(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<IngestStatus> all = new ArrayList<>();
        for (String ref : ingests.keySet()) {
            if (filter.matches(status(ctx, ref))) {
                all.add(status(ctx, ref));
            }
        }
        return all;
    }

    @Override
    public void abort(Context ctx, String ref) {
        status(ctx, ref);
        ingests.remove(ref);
    }

    @Override
    public ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected) {
        if (expected != null && blobs.containsKey(key(ctx, expected))) {
            throw ErrorKind.ALREADY_EXISTS.of("content " + expected);
        }
        Ingest ingest = ingests.computeIfAbsent(ref, _ -> new Ingest());
        if (!ingest.locked.compareAndSet(false, true)) {
            throw ErrorKind.UNAVAILABLE.of("ref " + ref + " locked");
        }
        openWriters.incrementAndGet();
        return new Writer(ctx, ref, ingest);
    }

    private final class Writer implements ContentWriter {
        private final Context ctx;
        private final String ref;
        private final Ingest ingest;
        private final AtomicBoolean closed = new AtomicBoolean();

        Writer(Context ctx, String ref, Ingest ingest) {
            this.ctx = ctx;
            this.ref = ref;
            this.ingest = ingest;
        }

        @Override
        public IngestStatus status() {
            open();
            return new IngestStatus(ref, ingest.bytes.length, 0, null, MADE, MADE);
        }

        @Override
        public Digest digest() {
            open();
            return Digest.sha256(ingest.bytes);
        }

        @Override
        public void write(ByteBuffer data) {
            open();
            ByteArrayOutputStream grown = new ByteArrayOutputStream();
            grown.writeBytes(ingest.bytes);
            byte[] more = new byte[data.remaining()];
            data.get(more);
            grown.writeBytes(more);
            ingest.bytes = grown.toByteArray();
        }

        @Override
        public void truncate(long offset) {
            open();
            ingest.bytes = Arrays.copyOf(ingest.bytes, (int) offset);
        }

        @Override
        public void commit(long expectedSize, @Nullable Digest expected, Map<String, String> given) {
            open();
            Digest digest = Digest.sha256(ingest.bytes);
            if (expectedSize > 0 && expectedSize != ingest.bytes.length) {
                throw ErrorKind.FAILED_PRECONDITION.of(
                        "unexpected commit size " + ingest.bytes.length + ", expected " + expectedSize);
            }
            if (expected != null && !expected.equals(digest)) {
                throw ErrorKind.FAILED_PRECONDITION.of("unexpected commit digest " + digest + ", expected " + expected);
            }
            boolean there = blobs.putIfAbsent(key(ctx, digest), ingest.bytes) != null;
            labels.put(key(ctx, digest), given);
            ingests.remove(ref);
            close();
            if (there) {
                throw ErrorKind.ALREADY_EXISTS.of("content " + digest);
            }
        }

        private void open() {
            if (closed.get()) {
                throw new IllegalStateException("writer of " + ref + " is closed");
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                ingest.locked.set(false);
                openWriters.decrementAndGet();
            }
        }
    }
}
