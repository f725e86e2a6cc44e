package dev.wharf.lib.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/**
 * A body that fails when no byte comes for a while; the HTTP client's own deadline ends with the header.
 *
 * <p>Only the time spent waiting in a read counts, not that of a slow reader. A watching virtual thread lives as long as
 * the stream is open.
 */
final class IdleGuard extends FilterInputStream {
    private static final long IDLE = 0;

    private final long limitNanos;
    private final Thread watcher;

    /** When the read under way began, or {@link #IDLE}. Written by the reader, read by the watcher. */
    private volatile long waitingSince = IDLE;

    private volatile boolean expired;

    IdleGuard(InputStream body, Duration limit) {
        super(body);
        this.limitNanos = limit.toNanos();
        this.watcher = Thread.ofVirtual().name("registry-body").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                long since = waitingSince;
                long left = since == IDLE ? limitNanos : limitNanos - (System.nanoTime() - since);
                if (left <= 0) {
                    expired = true;
                    in.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(left));
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        long now = System.nanoTime();
        waitingSince = now == IDLE ? 1 : now;
        try {
            int count = in.read(target, offset, length);
            if (count < 0) {
                checkExpired();
                watcher.interrupt();
            }
            return count;
        } catch (IOException e) {
            checkExpired();
            throw e;
        } finally {
            waitingSince = IDLE;
        }
    }

    private void checkExpired() throws HttpTimeoutException {
        if (expired) {
            throw new HttpTimeoutException("no bytes for " + Duration.ofNanos(limitNanos));
        }
    }

    @Override
    public void close() throws IOException {
        watcher.interrupt();
        super.close();
    }
}
