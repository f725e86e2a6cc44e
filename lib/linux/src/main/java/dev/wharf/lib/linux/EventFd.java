package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A counter that makes a descriptor readable: the way to wake a thread in {@link Poll} or {@link Epoll}. */
public final class EventFd implements AutoCloseable {
    private final Fd fd;

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    /** Makes a counter at 0, in non-blocking mode. Source: eventfd(2). */
    public static EventFd create() {
        int flags = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
        return new EventFd(Fd.adopt(check(Syscall.EVENTFD2.call(0, flags), "eventfd")));
    }

    /** The descriptor to watch for reading; it stays owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Adds one, which makes the descriptor readable. */
    public void signal() {
        byte[] one = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(1)
                .array();
        FileIo.write(fd, one, 0, one.length);
    }

    /** Takes the count and sets it to 0; 0 when nobody signalled. */
    public long drain() {
        byte[] count = new byte[Long.BYTES];
        if (FileIo.tryRead(fd, count, 0, count.length).isEmpty()) {
            return 0;
        }
        return ByteBuffer.wrap(count).order(ByteOrder.nativeOrder()).getLong();
    }

    /** Closes the descriptor. */
    @Override
    public void close() {
        fd.close();
    }
}
