package dev.wharf.lib.linux;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reading a blocking descriptor as a stream. Blocks in native calls: for a platform thread.
 *
 * <p>A terminal master whose programs are gone (EIO) reads as the end. Closing the stream closes the descriptor.
 */
public final class FdInputStream extends InputStream {
    private final Fd fd;

    /** A stream that owns the descriptor. */
    public FdInputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            int count = FileIo.read(fd, target, offset, length);
            return count == 0 ? -1 : count;
        } catch (ErrnoException e) {
            if (e.is(Errno.EIO) && Terminal.isTerminal(fd)) {
                return -1;
            }
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
