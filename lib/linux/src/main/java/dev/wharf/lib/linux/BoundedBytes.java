package dev.wharf.lib.linux;

import java.io.ByteArrayOutputStream;

/** The first bytes of a stream, up to a limit. */
final class BoundedBytes {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int limit;
    private boolean truncated;

    BoundedBytes(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("negative limit: " + limit);
        }
        this.limit = limit;
    }

    void append(byte[] chunk, int length) {
        int room = Math.min(length, limit - kept.size());
        kept.write(chunk, 0, room);
        truncated |= room < length;
    }

    byte[] toArray() {
        return kept.toByteArray();
    }

    /** Whether more came than was kept. */
    boolean truncated() {
        return truncated;
    }
}
