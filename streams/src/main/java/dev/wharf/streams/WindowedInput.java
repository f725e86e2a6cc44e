package dev.wharf.streams;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.WindowUpdate;
import java.io.InputStream;
import java.time.Duration;

/** Bytes from the other end of a stream, as far as the window allows that is opened here. */
public final class WindowedInput extends InputStream {
    /** Sent as soon as less is left, so that at most twice as much is on its way. */
    private static final int WINDOW = 64 << 10;

    private final MessageStream stream;
    private final Duration idle;
    private ByteString data = ByteString.EMPTY;
    private int position;
    private int window;
    private boolean finished;

    /**
     * Bytes over a stream.
     *
     * @param idle how long the other end may take to send more
     */
    public WindowedInput(MessageStream stream, Duration idle) {
        this.stream = stream;
        this.idle = idle;
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
        while (position == data.size()) {
            if (finished) {
                return -1;
            }
            receive(idle);
        }
        int count = Math.min(length, data.size() - position);
        data.copyTo(target, position, offset, count);
        position += count;
        return count;
    }

    /** Takes and drops what still comes to the end, so that the other end is not cut short: so many bytes, so long each. */
    public void skipRest(long most, Duration wait) {
        long skipped = data.size() - position;
        while (!finished && skipped <= most) {
            receive(wait);
            skipped += data.size();
        }
        position = data.size();
    }

    private void receive(Duration wait) {
        if (window < WINDOW) {
            stream.send(Envelopes.of(WindowUpdate.newBuilder().setUpdate(WINDOW).build()));
            window += WINDOW;
        }
        Any message = stream.receive(wait);
        if (message == null) {
            finished = true;
            return;
        }
        ByteString bytes = Envelopes.open(stream, message, Data.getDefaultInstance(), Data.parser())
                .getData();
        if (bytes.size() > window) {
            throw stream.violation(bytes.size() + " bytes came over a stream whose window has " + window);
        }
        window -= bytes.size();
        data = bytes;
        position = 0;
    }
}
