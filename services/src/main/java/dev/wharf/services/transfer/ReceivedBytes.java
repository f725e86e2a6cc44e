package dev.wharf.services.transfer;

import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.WindowUpdate;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.typeurl.TypedValue;
import java.io.InputStream;
import java.time.Duration;

/** The bytes a client sends over a stream, as far as the window allows that is opened here. */
final class ReceivedBytes extends InputStream {
    /** Sent as soon as less is left, so that at most twice as much is on its way. */
    private static final int WINDOW = 64 << 10;

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Stream stream;
    private byte[] data = {};
    private int position;
    private int window;
    private boolean finished;

    ReceivedBytes(Stream stream) {
        this.stream = stream;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (position == data.length) {
            if (finished) {
                return -1;
            }
            receive();
        }
        int count = Math.min(length, data.length - position);
        System.arraycopy(data, position, target, offset, count);
        position += count;
        return count;
    }

    private void receive() {
        if (window < WINDOW) {
            stream.send(
                    Messages.typed(WindowUpdate.newBuilder().setUpdate(WINDOW).build()));
            window += WINDOW;
        }
        TypedValue value = stream.receive(IDLE);
        if (value == null) {
            finished = true;
            return;
        }
        Data received = Messages.parse(value, Data.getDefaultInstance(), Data.parser());
        if (received.getData().size() > window) {
            throw ErrorKind.OUT_OF_RANGE.of(
                    "the client sent " + received.getData().size() + " bytes where its window has " + window);
        }
        window -= received.getData().size();
        data = received.getData().toByteArray();
        position = 0;
    }
}
