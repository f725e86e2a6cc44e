package dev.wharf.plugins.diff.walking.gzip;

import java.io.ByteArrayOutputStream;

/** Puts bits together, the first one lowest in its byte. */
final class BitWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long bits;
    private int count;

    /** A number, its lowest bit first. */
    BitWriter number(long value, int width) {
        bits |= value << count;
        count += width;
        while (count >= Byte.SIZE) {
            out.write((int) bits);
            bits >>>= Byte.SIZE;
            count -= Byte.SIZE;
        }
        return this;
    }

    byte[] bytes() {
        if (count > 0) {
            number(0, Byte.SIZE - count);
        }
        return out.toByteArray();
    }
}
