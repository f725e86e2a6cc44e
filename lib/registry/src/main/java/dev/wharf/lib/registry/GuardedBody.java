package dev.wharf.lib.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A body that fails when no byte comes for a while, when bytes trickle, or, if it is a small document, when it takes too
 * long in all; the HTTP client's own deadline ends with the header.
 *
 * <p>Only time spent waiting in a read counts as idle or slow, not that of a slow reader. From the first read on, a
 * watching virtual thread lives as long as the stream is open. One thread reads.
 */
final class GuardedBody extends FilterInputStream {
    private static final long IDLE = 0;

    private final RegistryOptions.Deadlines deadlines;
    private @Nullable Thread watcher;

    /** When the whole has to be there, by {@link System#nanoTime}; meaningless unless {@link #hurried}. */
    private long endNanos;

    private boolean hurried;

    /** When the read under way began, or {@link #IDLE}. Written by the reader, read by the watcher. */
    private volatile long waitingSince = IDLE;

    /** Why the watcher closed the body. Written by the watcher. */
    private volatile @Nullable String expired;

    private long waitedNanos;
    private long waitedBytes;

    GuardedBody(InputStream body, RegistryOptions.Deadlines deadlines) {
        super(body);
        this.deadlines = deadlines;
    }

    /** Bounds the time until the end too; before the first read. */
    GuardedBody within(Duration total) {
        endNanos = System.nanoTime() + total.toNanos();
        hurried = true;
        return this;
    }

    private void watch() {
        try {
            while (true) {
                long left = leftNanos(System.nanoTime());
                if (left <= 0) {
                    expired = hurried && endNanos - System.nanoTime() <= 0
                            ? "not complete in time"
                            : "no bytes for " + deadlines.idle();
                    in.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(left));
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long leftNanos(long now) {
        long since = waitingSince;
        long idle = deadlines.idle().toNanos();
        long left = since == IDLE ? idle : idle - (now - since);
        return hurried ? Math.min(left, endNanos - now) : left;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (watcher == null) {
            watcher = Thread.ofVirtual().name("registry-body").start(this::watch);
        }
        long start = System.nanoTime();
        waitingSince = start == IDLE ? 1 : start;
        try {
            int count = in.read(target, offset, length);
            if (count < 0) {
                checkExpired();
                watcher.interrupt();
            } else {
                checkRate(System.nanoTime() - start, count);
            }
            return count;
        } catch (IOException e) {
            checkExpired();
            throw e;
        } finally {
            waitingSince = IDLE;
        }
    }

    private void checkRate(long nanos, int count) throws TimedOut {
        waitedNanos += nanos;
        waitedBytes += count;
        if (waitedNanos < deadlines.rateWindow().toNanos()) {
            return;
        }
        double seconds = waitedNanos / 1e9;
        if (waitedBytes < deadlines.bytesPerSecond() * seconds) {
            throw new TimedOut("only " + waitedBytes + " bytes in " + Math.round(seconds) + " s, less than "
                    + deadlines.bytesPerSecond() + " a second");
        }
        waitedNanos = 0;
        waitedBytes = 0;
    }

    private void checkExpired() throws TimedOut {
        String reason = expired;
        if (reason != null) {
            throw new TimedOut(reason);
        }
    }

    @Override
    public void close() throws IOException {
        if (watcher != null) {
            watcher.interrupt();
        }
        super.close();
    }
}
