package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of a blob that goes on where it was when a connection breaks: at the same place a few times, then at the next.
 *
 * <p>A place that stalls or trickles is left at once when there is another. The attempts begin anew after some progress,
 * so that a large blob survives many breaks and one that never moves does not. One thread reads.
 */
final class ResumingBody extends InputStream {
    private static final long PROGRESS = 64 << 10;

    private final BlobPlaces places;
    private int place;
    private long position;
    private long end;
    private boolean ranged;
    private int tries;
    private long sinceBreak;
    private @Nullable InputStream body;

    /** Opens it at the first place that has it; throws {@link RegistryException} when none does. */
    ResumingBody(BlobPlaces places, BlobRange range) {
        this.places = places;
        this.place = places.first();
        this.position = range.from();
        this.end = range.end() == BlobRange.OPEN ? places.request().size() : range.end();
        if (end < 0 || position < end || end == 0) {
            open();
        }
    }

    /** Whether the place heeded the range, so that other ranges can be had at the same time. */
    boolean isRanged() {
        return ranged;
    }

    /** Reads on to a later end, where the place sends all there is anyway. */
    void extendTo(long later) {
        end = later;
    }

    private void open() {
        BlobRange range = new BlobRange(position, end > position ? rangeEnd() : BlobRange.OPEN);
        while (place < places.count()) {
            try {
                BlobEndpoint.Opened opened = places.open(place, range);
                body = opened.body();
                ranged = opened.ranged();
                sinceBreak = 0;
                return;
            } catch (RegistryException e) {
                if (e.kind() == Kind.INTERRUPTED) {
                    throw e;
                }
                next(e);
            }
        }
        throw places.exhausted();
    }

    /** The end of the blob is not written into the request, as some servers refuse a range of everything. */
    private long rangeEnd() {
        return end == places.request().size() ? BlobRange.OPEN : end;
    }

    private void next(RegistryException cause) {
        places.failed(place, cause, true);
        place++;
        tries = 0;
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
        while (true) {
            if (end >= 0 && position >= end) {
                return -1;
            }
            try {
                int wanted = end < 0 ? length : (int) Math.min(length, end - position);
                int count = opened().read(target, offset, wanted);
                if (count >= 0) {
                    position += count;
                    sinceBreak += count;
                    return count;
                }
                if (end < 0) {
                    return -1;
                }
                throw new EOFException("ended at byte " + position + " of " + end);
            } catch (IOException e) {
                broke(e);
            }
        }
    }

    private InputStream opened() throws IOException {
        if (body == null) {
            try {
                open();
            } catch (RegistryException e) {
                throw new BlobFailure(e);
            }
        }
        return Objects.requireNonNull(body);
    }

    /** The end of all attempts; told apart from a connection that broke. */
    private static final class BlobFailure extends IOException {
        private static final long serialVersionUID = 1L;

        BlobFailure(RegistryException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private void broke(IOException cause) throws IOException {
        close();
        if (cause instanceof BlobFailure) {
            throw cause;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(cause);
        }
        if (sinceBreak >= PROGRESS) {
            tries = 0;
        }
        sinceBreak = 0;
        tries++;
        RegistryException failure = failure(cause);
        boolean stalled = cause instanceof TimedOut && place + 1 < places.count();
        if (stalled || tries >= places.options().retries().attempts()) {
            next(failure);
        } else {
            places.failed(place, failure, false);
            pause();
        }
        if (place >= places.count()) {
            throw new BlobFailure(places.exhausted());
        }
    }

    private RegistryException failure(IOException cause) {
        Kind kind = cause instanceof TimedOut ? Kind.TIMEOUT : Kind.UNAVAILABLE;
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new RegistryException(
                kind,
                "blob " + places.request().digest() + " from " + places.describe(place) + " broke off at byte "
                        + position + ": " + ConnectionFailures.shown(reason),
                cause);
    }

    private void pause() throws IOException {
        try {
            places.options().pause().of(HttpTransport.backoff(tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static IOException interrupted(Exception cause) {
        InterruptedIOException interrupted = new InterruptedIOException("interrupted while a blob was read");
        interrupted.initCause(cause);
        return interrupted;
    }

    @Override
    public void close() {
        if (body != null) {
            closeQuietly(body);
            body = null;
        }
    }

    /** Closes what nobody reads any more; that fails only for a connection that is gone. */
    static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            return;
        }
    }
}
