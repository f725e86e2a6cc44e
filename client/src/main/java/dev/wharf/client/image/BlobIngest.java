package dev.wharf.client.image;

import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** Writes blobs from a source into a content store, going on where an earlier attempt stopped. */
final class BlobIngest {
    private static final int BUFFER = 1 << 20;

    /** How often a broken transfer is taken up again while it still makes progress or for the first times. */
    private static final int ATTEMPTS = 5;

    private static final Duration LOCKED_PAUSE = Duration.ofMillis(200);

    /** How often another writer of the same blob is waited for: ten minutes in all. */
    private static final int LOCKED_TRIES = 3000;

    private final ContentStore content;
    private final Context ctx;
    private final Progress progress;

    BlobIngest(ContentStore content, Context ctx, Progress progress) {
        this.content = content;
        this.ctx = ctx;
        this.progress = progress;
    }

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Opener {
        InputStream open(long offset) throws IOException;
    }

    /** Brings a blob of a source in, if it is not there. */
    void fetch(BlobSource source, Descriptor blob) {
        for (int attempt = 1; ; attempt++) {
            try {
                ingest(ref(blob), blob, offset -> source.fetch(blob, offset), source.labels());
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw ErrorKind.UNAVAILABLE.of("fetch " + blob.digest() + ": " + e.getMessage(), e);
                }
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.UNAVAILABLE || attempt == ATTEMPTS) {
                    throw e;
                }
            }
            pause(Duration.ofMillis(500L * attempt));
        }
    }

    /** Brings a blob in under a name of the ingest, if it is not there. */
    void ingest(String ref, Descriptor blob, Opener source, Map<String, String> labels) throws IOException {
        try (ContentWriter writer = open(ref, blob)) {
            long offset = resume(writer, blob);
            if (offset < blob.size() || blob.size() == 0) {
                try (InputStream in = source.open(offset)) {
                    copy(in, writer, blob, offset);
                }
            }
            commit(writer, blob, labels);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
            progress.advanced(blob, blob.size());
        }
        progress.stored(blob);
    }

    private void commit(ContentWriter writer, Descriptor blob, Map<String, String> labels) {
        try {
            writer.commit(blob.size(), blob.digest(), labels);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.FAILED_PRECONDITION) {
                // What came is not the blob: the next attempt must not go on from it.
                writer.truncate(0);
                writer.status();
            }
            throw e;
        }
    }

    /** Opens the ingest, waiting for another writer of it to end. */
    private ContentWriter open(String ref, Descriptor blob) {
        for (int attempt = 1; ; attempt++) {
            try {
                return content.writer(ctx, ref, blob.size(), blob.digest());
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.UNAVAILABLE || !e.getMessage().contains("lock") || attempt == LOCKED_TRIES) {
                    throw e;
                }
                pause(LOCKED_PAUSE);
            }
        }
    }

    private static long resume(ContentWriter writer, Descriptor blob) {
        long offset = writer.status().offset();
        if (offset > blob.size()) {
            writer.truncate(0);
            return 0;
        }
        return offset;
    }

    private void copy(InputStream in, ContentWriter writer, Descriptor blob, long start) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long offset = start;
        progress.advanced(blob, offset);
        while (offset < blob.size()) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(BUFFER, blob.size() - offset));
            if (count == 0) {
                throw new IOException("ends after " + offset + " of " + blob.size() + " bytes");
            }
            writer.write(ByteBuffer.wrap(buffer, 0, count));
            offset += count;
            progress.advanced(blob, offset);
        }
    }

    /** Brings in bytes whose digest is not known before; answers it. */
    Digest ingest(String ref, long size, InputStream in) throws IOException {
        var hash = Digest.newMessageDigest("sha256");
        try (ContentWriter writer = content.writer(ctx, ref, size, null)) {
            if (writer.status().offset() > 0) {
                writer.truncate(0);
            }
            byte[] buffer = new byte[BUFFER];
            for (long left = size; left > 0; ) {
                int count = in.readNBytes(buffer, 0, (int) Math.min(BUFFER, left));
                if (count == 0) {
                    throw new IOException("ends " + left + " bytes too early");
                }
                hash.update(buffer, 0, count);
                writer.write(ByteBuffer.wrap(buffer, 0, count));
                left -= count;
            }
            Digest digest = Digest.of("sha256", hash.digest());
            try {
                writer.commit(size, digest, Map.of());
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                    throw e;
                }
            }
            return digest;
        }
    }

    /** The ingest's name, as containerd's clients give it, so that they wait for each other. */
    private static String ref(Descriptor blob) {
        String type = blob.mediaType();
        if (MediaTypes.isManifest(type)) {
            return "manifest-" + blob.digest();
        }
        if (MediaTypes.isIndex(type)) {
            return "index-" + blob.digest();
        }
        if (MediaTypes.isLayer(type)) {
            return "layer-" + blob.digest();
        }
        return (MediaTypes.isConfig(type) ? "config-" : "unknown-") + blob.digest();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("fetch", e);
        }
    }
}
