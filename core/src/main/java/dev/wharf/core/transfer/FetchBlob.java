package dev.wharf.core.transfer;

import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Brings blobs of a registry into the content store, going on where an earlier attempt stopped.
 *
 * <p>Who wants a blob that somebody else is fetching, in whatever namespace, waits and then finds it there.
 */
public final class FetchBlob {
    private static final int BUFFER = 1 << 20;

    /** How often a broken transfer is taken up again. */
    private static final int ATTEMPTS = 5;

    private static final Duration LOCKED_PAUSE = Duration.ofMillis(200);

    /** How often a writer of another program is waited for: ten minutes in all. */
    private static final int LOCKED_TRIES = 3000;

    private final ContentStore content;
    private final RegistrySource source;
    private final Turns turns;
    private final Semaphore downloads;
    private final FetchListener listener;

    /**
     * Fetches from a source.
     *
     * @param turns shared by all that fetch
     * @param downloads as many permits as there may be downloads at once, shared likewise
     */
    public FetchBlob(
            ContentStore content, RegistrySource source, Turns turns, Semaphore downloads, FetchListener listener) {
        this.content = content;
        this.source = source;
        this.turns = turns;
        this.downloads = downloads;
        this.listener = listener;
    }

    /** Brings a blob in, if it is not there; the lease of {@code ctx} holds it either way. */
    public void run(Context ctx, Descriptor blob) {
        try (Turns.Turn turn = turns.take("blob " + blob.digest())) {
            assert turn != null;
            for (int attempt = 1; !fetched(ctx, blob, attempt == ATTEMPTS); attempt++) {
                pause(Duration.ofMillis(500L * attempt));
            }
        }
    }

    private boolean fetched(Context ctx, Descriptor blob, boolean last) {
        try {
            ingest(ctx, blob);
            return true;
        } catch (IOException e) {
            if (last) {
                throw ErrorKind.UNAVAILABLE.of("fetch " + blob.digest() + ": " + e.getMessage(), e);
            }
        } catch (WharfException e) {
            if (last || !isWorthAnother(e, blob)) {
                throw e;
            }
        }
        return false;
    }

    private boolean isWorthAnother(WharfException e, Descriptor blob) {
        return e.kind() == ErrorKind.UNAVAILABLE || (e.kind() == ErrorKind.DATA_LOSS && source.distrust(blob));
    }

    private void ingest(Context ctx, Descriptor blob) throws IOException {
        try (ContentWriter writer = open(ctx, blob)) {
            long offset = resume(writer, blob);
            if (offset < blob.size()) {
                download(ctx, writer, blob, offset);
            }
            commit(writer, blob);
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
            addSource(ctx, blob);
            listener.existed(blob);
            return;
        }
        listener.stored(blob);
    }

    private void download(Context ctx, ContentWriter writer, Descriptor blob, long offset) throws IOException {
        try {
            downloads.acquire();
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
        try (InputStream in = source.fetch(blob, offset)) {
            copy(ctx, in, writer, blob, offset);
        } finally {
            downloads.release();
        }
    }

    private void copy(Context ctx, InputStream in, ContentWriter writer, Descriptor blob, long start)
            throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, blob.size() - start)];
        long offset = start;
        listener.advanced(blob, offset);
        while (offset < blob.size()) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, blob.size() - offset));
            if (Thread.currentThread().isInterrupted()) {
                throw ErrorKind.CANCELLED.of("fetch " + blob.digest());
            }
            ctx.remaining(Duration.ofDays(1));
            if (count == 0) {
                throw new IOException("ends after " + offset + " of " + blob.size() + " bytes");
            }
            writer.write(ByteBuffer.wrap(buffer, 0, count));
            offset += count;
            listener.advanced(blob, offset);
        }
    }

    private void commit(ContentWriter writer, Descriptor blob) {
        try {
            writer.commit(blob.size(), blob.digest(), source.labels());
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.FAILED_PRECONDITION) {
                throw e;
            }
            // What came is not the blob: the next attempt must not go on from it.
            writer.truncate(0);
            throw new WharfException(
                    ErrorKind.DATA_LOSS,
                    "fetch " + blob.digest() + ": " + source.origin(blob) + " sent something else: " + e.getMessage()
                            + "; have the registry repaired",
                    e);
        }
    }

    /** Opens the ingest, waiting for a writer of another program to end. */
    private ContentWriter open(Context ctx, Descriptor blob) {
        for (int attempt = 1; ; attempt++) {
            try {
                return content.writer(ctx, IngestRefs.of(blob), blob.size(), blob.digest());
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.UNAVAILABLE || attempt == LOCKED_TRIES) {
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

    /** Adds where a blob that was there can be had from too: one label a registry, its repositories by comma. */
    private void addSource(Context ctx, Descriptor blob) {
        Map<String, String> known = content.info(ctx, blob.digest()).labels();
        Map<String, String> added = new HashMap<>();
        source.labels().forEach((label, repository) -> {
            String old = known.getOrDefault(label, "");
            String all = old.isEmpty() ? repository : old + "," + repository;
            boolean listed = Arrays.asList(old.split(",", -1)).contains(repository);
            if (!listed && label.length() + all.length() <= 4096) {
                added.put(label, all);
            }
        });
        if (!added.isEmpty()) {
            List<String> paths =
                    added.keySet().stream().map(key -> "labels." + key).toList();
            content.update(ctx, new ContentInfo(blob.digest(), 0, Instant.EPOCH, Instant.EPOCH, added), paths);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    private static WharfException cancelled(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return ErrorKind.CANCELLED.of("fetch", cause);
    }
}
