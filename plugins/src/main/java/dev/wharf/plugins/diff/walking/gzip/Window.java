package dev.wharf.plugins.diff.walking.gzip;

import java.util.zip.ZipException;

/** What was decompressed last: what has still to be handed on, and behind it what later data may repeat. Not thread-safe. */
final class Window {
    /** How far back data may be repeated from. Source: RFC 1951, section 2. */
    private static final int REACH = 1 << 15;

    private static final int ROOM = 1 << 17;

    /** From here on no byte is begun. */
    static final int LIMIT = REACH + ROOM;

    /** The longest repetition, written by eight bytes at a time. */
    private static final int OVERRUN = 258 + Long.BYTES;

    final byte[] bytes = new byte[LIMIT + OVERRUN];

    /** Where the next byte goes; up to the longest repetition beyond {@link #LIMIT}. */
    int end;

    private int taken;

    /** Forgets all that was there. */
    void clear() {
        end = 0;
        taken = 0;
    }

    boolean isFull() {
        return end >= LIMIT;
    }

    /** Whether everything was handed on. */
    boolean isTaken() {
        return taken == end;
    }

    /** Makes room again, once everything was handed on. */
    void slide() {
        if (end > REACH) {
            System.arraycopy(bytes, end - REACH, bytes, 0, REACH);
            end = REACH;
        }
        taken = end;
    }

    /** Hands on up to {@code length} bytes. */
    int take(byte[] target, int offset, int length) {
        int count = Math.min(length, end - taken);
        System.arraycopy(bytes, taken, target, offset, count);
        taken += count;
        return count;
    }

    void put(byte value) {
        bytes[end++] = value;
    }

    /** Puts bytes of a buffer, as many as there is room for. */
    int put(byte[] source, int offset, int length) {
        int count = Math.min(length, LIMIT - end);
        System.arraycopy(source, offset, bytes, end, count);
        end += count;
        return count;
    }

    /** Repeats what was put {@code distance} bytes ago, which may come to include what is put by this. */
    void repeat(int distance, int length) throws ZipException {
        checkReach(end, distance);
        for (int i = 0; i < length; i++) {
            bytes[end] = bytes[end - distance];
            end++;
        }
    }

    static void checkReach(int end, int distance) throws ZipException {
        if (distance > end) {
            throw new ZipException("gzip: data repeats what lies before its beginning");
        }
    }
}
