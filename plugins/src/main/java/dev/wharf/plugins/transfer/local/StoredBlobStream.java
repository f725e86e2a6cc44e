package dev.wharf.plugins.transfer.local;

import dev.wharf.core.content.ContentReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** A blob read from its start, which tells how far it is. Closes the reader. */
final class StoredBlobStream extends InputStream {
    private final ContentReader reader;
    private final LongConsumer told;
    private long offset;

    StoredBlobStream(ContentReader reader, LongConsumer told) {
        this.reader = reader;
        this.told = told;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
        int count = reader.read(ByteBuffer.wrap(target, at, length), offset);
        if (count > 0) {
            offset += count;
            told.accept(offset);
        }
        return count;
    }

    @Override
    public void close() {
        reader.close();
    }
}
