package dev.wharf.streams;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.WindowUpdate;
import java.io.OutputStream;
import java.time.Duration;

/** Bytes to the other end of a stream, as far as the window allows that it opens. Unbuffered. Does not end the stream. */
public final class WindowedOutput extends OutputStream {
    private static final int MOST = 32 << 10;

    private final MessageStream stream;
    private final Duration idle;
    private long window;

    /**
     * Bytes over a stream.
     *
     * @param idle how long the other end may take to open its window
     */
    public WindowedOutput(MessageStream stream, Duration idle) {
        this.stream = stream;
        this.idle = idle;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            while (window <= 0) {
                awaitWindow();
            }
            int count = (int) Math.min(Math.min(MOST, end - at), window);
            stream.send(Envelopes.of(Data.newBuilder()
                    .setData(ByteString.copyFrom(bytes, at, count))
                    .build()));
            window -= count;
            at += count;
        }
    }

    private void awaitWindow() {
        Any message = stream.receive(idle);
        if (message == null) {
            throw stream.gone("the other end reads no more of the stream");
        }
        WindowUpdate update = Envelopes.open(stream, message, WindowUpdate.getDefaultInstance(), WindowUpdate.parser());
        window += Math.max(0, update.getUpdate());
    }
}
