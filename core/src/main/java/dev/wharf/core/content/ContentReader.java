package dev.wharf.core.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads one blob, at any offset; safe for several threads. */
public interface ContentReader extends AutoCloseable {
    /** Size in bytes. */
    long size();

    /** Reads up to {@code buffer.remaining()} bytes at {@code offset}; answers how many, or -1 at the end. */
    int read(ByteBuffer buffer, long offset) throws IOException;

    @Override
    void close();
}
