package dev.wharf.services.transfer;

import com.google.protobuf.ByteString;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.WindowUpdate;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.typeurl.TypedValue;
import java.io.OutputStream;
import java.time.Duration;

/** The bytes a client receives over a stream, as far as the window allows that the client opens. */
final class SentBytes extends OutputStream {
    private static final int MOST = 32 << 10;
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Stream stream;
    private long window;

    SentBytes(Stream stream) {
        this.stream = stream;
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
            stream.send(Messages.typed(Data.newBuilder()
                    .setData(ByteString.copyFrom(bytes, at, count))
                    .build()));
            window -= count;
            at += count;
        }
    }

    private void awaitWindow() {
        TypedValue value = stream.receive(IDLE);
        if (value == null) {
            throw ErrorKind.CANCELLED.of("the client has closed its end of the stream");
        }
        window += Math.max(
                0,
                Messages.parse(value, WindowUpdate.getDefaultInstance(), WindowUpdate.parser())
                        .getUpdate());
    }
}
