package dev.wharf.plugins.diff.walking.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Compressed data, by bytes and by bits, the lowest bit of a byte first. Bytes of which no bit was taken are always back in
 * the buffer when a method returns, so that whoever reads bytes afterwards starts at the right one. One thread reads.
 */
final class BitInput {
    private static final int SIZE = 1 << 16;

    private final InputStream in;

    /** Data from {@link #at} to {@link #limit}. */
    final byte[] buffer = new byte[SIZE];

    int at;
    int limit;

    /** The next bits, the first one lowest; all above {@link #bitCount} are zero. */
    long bits;

    /** Fewer than 8 between calls. */
    int bitCount;

    private boolean ended;

    BitInput(InputStream in) {
        this.in = in;
    }

    /**
     * Makes at least {@code wanted} bytes, at most some hundred, lie in the buffer, unless the input ends before.
     *
     * @return whether they do
     */
    boolean await(int wanted) throws IOException {
        if (limit - at >= wanted) {
            return true;
        }
        System.arraycopy(buffer, at, buffer, 0, limit - at);
        limit -= at;
        at = 0;
        while (limit < wanted && !ended) {
            int count = in.read(buffer, limit, SIZE - limit);
            ended = count < 0;
            limit += Math.max(count, 0);
        }
        return limit >= wanted;
    }

    /** The next byte; the bits of the one before that are left over are dropped. */
    int nextByte() throws IOException {
        bits = 0;
        bitCount = 0;
        if (!await(1)) {
            throw truncated();
        }
        return buffer[at++] & 0xFF;
    }

    /** Up to 16 bits as a number. */
    int take(int count) throws IOException {
        load(count);
        int value = (int) bits & (1 << count) - 1;
        drop(count);
        return value;
    }

    /** Takes up to 16 bits, whatever they are. */
    void skip(int count) throws IOException {
        load(count);
        drop(count);
    }

    /** The next bits without taking them; those behind the end of the input are zero. Up to 16. */
    int peek(int count) throws IOException {
        load(count);
        int value = (int) bits & (1 << count) - 1;
        giveBack();
        return value;
    }

    /** Loads as many bytes as that takes, all of one buffer, so that they can be given back. */
    private void load(int count) throws IOException {
        boolean there = await(Math.ceilDiv(Math.max(count - bitCount, 0), Byte.SIZE));
        assert there || limit - at < 2;
        loadUpTo(count);
    }

    /** Loads bytes of the buffer until there are {@code count} bits, at most 57, or the buffer ends. */
    void loadUpTo(int count) {
        while (bitCount < count && at < limit) {
            bits |= (buffer[at++] & 0xFFL) << bitCount;
            bitCount += Byte.SIZE;
        }
    }

    /** Takes bits that are to be loaded already. */
    void drop(int count) throws EOFException {
        if (bitCount < count) {
            throw truncated();
        }
        bits >>>= count;
        bitCount -= count;
    }

    /** Puts bytes of which no bit was taken back into the buffer they came from. */
    void giveBack() {
        at -= bitCount >>> 3;
        bitCount &= 7;
        bits &= (1L << bitCount) - 1;
    }

    static EOFException truncated() {
        return new EOFException("gzip: unexpected end of the compressed data");
    }
}
