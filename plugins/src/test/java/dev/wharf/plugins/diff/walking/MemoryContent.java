package dev.wharf.plugins.diff.walking;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blobs in memory; only what reading needs. */
final class MemoryContent implements ContentStore {
    private final Map<Digest, byte[]> blobs = new HashMap<>();

    Descriptor add(String mediaType, byte[] blob) {
        Digest digest = Digest.sha256(blob);
        blobs.put(digest, blob);
        return new Descriptor(mediaType, digest, blob.length);
    }

    @Override
    public ContentReader open(Context ctx, Digest digest) {
        byte[] blob = blobs.get(digest);
        if (blob == null) {
            throw ErrorKind.NOT_FOUND.of("blob " + digest);
        }
        return new Reader(blob);
    }

    private static final class Reader implements ContentReader {
        private final byte[] blob;

        Reader(byte[] blob) {
            this.blob = blob;
        }

        @Override
        public long size() {
            return blob.length;
        }

        @Override
        public int read(ByteBuffer buffer, long offset) {
            if (offset >= blob.length) {
                return -1;
            }
            int count = (int) Math.min(buffer.remaining(), blob.length - offset);
            buffer.put(blob, (int) offset, count);
            return count;
        }

        @Override
        public void close() {}
    }

    @Override
    public ContentInfo info(Context ctx, Digest digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ContentInfo update(Context ctx, ContentInfo info, List<String> paths) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Context ctx, Digest digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public IngestStatus status(Context ctx, String ref) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<IngestStatus> statuses(Context ctx, List<String> filters) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void abort(Context ctx, String ref) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected) {
        throw new UnsupportedOperationException();
    }
}
