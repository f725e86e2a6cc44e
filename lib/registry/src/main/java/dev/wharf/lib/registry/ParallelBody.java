package dev.wharf.lib.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A large blob read in pieces fetched at the same time and handed on in order. Pieces are held in memory until they are
 * read: never more than {@link RegistryOptions.Ranges} allows. One thread reads.
 */
final class ParallelBody extends InputStream {
    private final BlobPlaces places;
    private final RegistryOptions.Ranges ranges;
    private final long size;
    private final ExecutorService fetchers;
    private final Deque<Future<byte[]>> pieces = new ArrayDeque<>();

    /** Where the next piece to fetch begins. */
    private long ahead;

    /** The first piece, which is passed on as it comes; null when it is done. */
    private @Nullable ResumingBody first;

    private byte[] piece = new byte[0];
    private int at;

    /** {@code first} reads the range from {@code from} to {@code ahead}. */
    private ParallelBody(BlobPlaces places, ResumingBody first, long ahead) {
        this.places = places;
        this.ranges = places.options().ranges();
        this.size = places.request().size();
        this.first = first;
        this.ahead = ahead;
        this.fetchers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("registry-range").factory());
        fetchAhead();
    }

    /** The blob from an offset on, in pieces where its size is known and large, and the place has ranges. */
    static InputStream of(BlobPlaces places, long offset) {
        RegistryOptions.Ranges ranges = places.options().ranges();
        long size = places.request().size();
        if (ranges.parallel() == 1 || size - offset < 2L * ranges.bytes()) {
            return new ResumingBody(places, BlobRange.startingAt(offset));
        }
        long end = offset + ranges.bytes();
        ResumingBody first = new ResumingBody(places, new BlobRange(offset, end));
        if (!first.isRanged()) {
            first.extendTo(size);
            return first;
        }
        return new ParallelBody(places, first, end);
    }

    private void fetchAhead() {
        while (ahead < size && pieces.size() < ranges.parallel() - 1) {
            BlobRange range = new BlobRange(ahead, Math.min(size, ahead + ranges.bytes()));
            pieces.add(fetchers.submit(() -> fetch(range)));
            ahead = range.end();
        }
    }

    private byte[] fetch(BlobRange range) throws IOException {
        int length = (int) (range.end() - range.from());
        try (ResumingBody body = new ResumingBody(places, range)) {
            byte[] bytes = body.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("piece at " + range.from() + " is short");
            }
            return bytes;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (first != null) {
            int count = first.read(target, offset, length);
            if (count >= 0) {
                return count;
            }
            first.close();
            first = null;
        }
        if (at == piece.length && !nextPiece()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean nextPiece() throws IOException {
        piece = new byte[0];
        at = 0;
        Future<byte[]> next = pieces.poll();
        if (next == null) {
            return false;
        }
        piece = await(next);
        fetchAhead();
        return true;
    }

    private static byte[] await(Future<byte[]> piece) throws IOException {
        try {
            return piece.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a blob was read");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage(), cause instanceof IOException io ? io.getCause() : cause);
        }
    }

    @Override
    public void close() {
        if (first != null) {
            first.close();
        }
        pieces.forEach(piece -> piece.cancel(true));
        fetchers.shutdownNow();
    }
}
