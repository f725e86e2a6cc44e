package dev.wharf.lib.linux;

import java.util.List;

/** What came through a {@link UnixSocket} at once. */
public final class ReceivedMessage {
    private final byte[] data;
    private final List<Fd> descriptors;

    ReceivedMessage(byte[] data, List<Fd> descriptors) {
        this.data = data;
        this.descriptors = List.copyOf(descriptors);
    }

    /** The bytes; none when the other side closed the connection. */
    public byte[] data() {
        return data.clone();
    }

    /** The descriptors in the order they were sent; the receiver has to close them. */
    public List<Fd> descriptors() {
        return descriptors;
    }
}
