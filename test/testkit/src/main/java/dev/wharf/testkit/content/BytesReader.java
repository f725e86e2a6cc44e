package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentReader;
import java.nio.ByteBuffer;

/** Reads a blob that is an array. */
final class BytesReader implements ContentReader {
    private final byte[] bytes;

    BytesReader(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer buffer, long offset) {
        if (offset >= bytes.length) {
            return -1;
        }
        int count = (int) Math.min(buffer.remaining(), bytes.length - offset);
        buffer.put(bytes, (int) offset, count);
        return count;
    }

    @Override
    public void close() {}
}
