package dev.wharf.cmd.shimwasi.stdio;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Poll;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;

/** Writes a non-blocking descriptor and waits for room, until the writing thread is interrupted. */
final class FifoOutput extends OutputStream {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Fd fd;

    FifoOutput(Fd fd) {
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
                int written = FileIo.tryWrite(fd, source, offset + done, length - done)
                        .orElse(0);
                done += written;
                if (written == 0) {
                    awaitRoom();
                }
            }
        } catch (ErrnoException e) {
            throw new IOException(e);
        }
    }

    private void awaitRoom() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("killed while waiting for a reader");
        }
        int ignored = Poll.await(fd, Poll.OUT, TICK);
    }

    @Override
    public void close() {
        fd.close();
    }
}
