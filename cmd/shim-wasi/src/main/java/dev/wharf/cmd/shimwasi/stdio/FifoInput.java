package dev.wharf.cmd.shimwasi.stdio;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Poll;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Reads a client's FIFO. A client that leaves is no end: this process writes to it as well, until the client says by
 * CloseIO that nothing more comes.
 */
final class FifoInput extends InputStream {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Fd reader;
    private final Fd writer;

    private FifoInput(Fd reader, Fd writer) {
        this.reader = reader;
        this.writer = writer;
    }

    static FifoInput open(Path fifo) {
        Fd reader = Fifo.openReader(fifo);
        try {
            return new FifoInput(reader, Fifo.openWriter(fifo));
        } catch (ErrnoException e) {
            reader.close();
            throw e;
        }
    }

    /** Nothing comes but what the client still writes. May be called again. */
    void end() {
        writer.close();
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
            while (true) {
                OptionalInt count = FileIo.tryRead(reader, target, offset, length);
                if (count.isPresent()) {
                    return count.getAsInt() == 0 ? -1 : count.getAsInt();
                }
                awaitInput();
            }
        } catch (ErrnoException e) {
            throw new IOException(e);
        }
    }

    private void awaitInput() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("killed while waiting for input");
        }
        int ignored = Poll.await(reader, Poll.IN, TICK);
    }

    /** 1 where a read would not wait, at the end too. */
    @Override
    public int available() {
        return Poll.await(reader, Poll.IN, Duration.ZERO) == 0 ? 0 : 1;
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
    }
}
