package dev.wharf.plugins.diff.walking;

import dev.wharf.core.concurrent.Uninterrupted;
import dev.wharf.core.error.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, a bounded number of buffers ahead of who reads here, so that decompressing and
 * digesting a layer and writing its files go on at the same time. One thread reads.
 */
final class ReadAheadStream extends InputStream {
    private static final int BUFFER = 1 << 17;
    private static final int BUFFERS = 4;

    private final InputStream in;
    private final BlockingQueue<Filled> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread reader;
    private Filled current = new Filled(new byte[0], 0, null);
    private int at;

    /**
     * What was read.
     *
     * @param count bytes; negative at the end
     * @param failure what reading ended by instead, or null
     */
    private record Filled(byte[] bytes, int count, @Nullable Throwable failure) {}

    /** Reads ahead in {@code in}, which it closes. */
    ReadAheadStream(InputStream in) {
        this.in = in;
        for (int i = 0; i < BUFFERS; i++) {
            empty.add(new byte[BUFFER]);
        }
        this.reader = Thread.ofVirtual().name("decompress").start(this::readAll);
    }

    private void readAll() {
        try {
            boolean more = true;
            while (more) {
                Filled next = fill(empty.take());
                filled.put(next);
                more = next.count() >= 0;
            }
        } catch (InterruptedException e) {
            // Nobody reads here any more.
            Thread.currentThread().interrupt();
        }
    }

    private Filled fill(byte[] buffer) {
        try {
            int count = in.readNBytes(buffer, 0, buffer.length);
            return new Filled(buffer, count == 0 ? -1 : count, null);
        } catch (IOException | RuntimeException | Error e) {
            return new Filled(buffer, -1, e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == current.count()) {
            advance();
        }
        if (current.count() < 0) {
            rethrow(current.failure());
            return -1;
        }
        int count = Math.min(length, current.count() - at);
        System.arraycopy(current.bytes(), at, target, offset, count);
        at += count;
        return count;
    }

    private void advance() {
        try {
            if (current.count() > 0) {
                empty.put(current.bytes());
            }
            current = filled.take();
            at = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("apply layer", e);
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(failure);
        }
    }

    /** Ends the thread that reads, waits for it, and closes what it reads. */
    @Override
    public void close() throws IOException {
        reader.interrupt();
        Uninterrupted.run(this::awaitReader);
        in.close();
    }

    private void awaitReader() {
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
