package dev.wharf.lib.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Writing a blocking descriptor as a stream, without a buffer. Blocks in native calls: for a platform thread.
 *
 * <p>Closing the stream closes the descriptor.
 */
public final class FdOutputStream extends OutputStream {
    private final Fd fd;

    /** A stream that owns the descriptor. */
    public FdOutputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        try {
            for (int done = 0; done < length; ) {
                done += FileIo.write(fd, source, offset + done, length - done);
            }
        } catch (ErrnoException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
