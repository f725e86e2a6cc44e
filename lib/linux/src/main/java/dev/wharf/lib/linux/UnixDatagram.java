package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Single messages to unix datagram sockets, which the JDK has no class for. Source: unix(7). */
public final class UnixDatagram {
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private UnixDatagram() {}

    /**
     * Sends one message to the socket at a path, or at an abstract name when it starts with {@code @}.
     *
     * <p>Does not block: EAGAIN when the receiver's queue is full, ECONNREFUSED when nobody has the socket open.
     */
    public static void send(String path, byte[] message) {
        try (UnixSocket socket = UnixSocket.create(UnixSocket.Type.DATAGRAM);
                Arena arena = Arena.ofConfined()) {
            MemorySegment address = UnixAddress.of(arena, path);
            long result = Syscall.SENDTO.call(
                    socket.fd().number(),
                    Memory.bytes(arena, message).address(),
                    message.length,
                    MSG_DONTWAIT | MSG_NOSIGNAL,
                    address.address(),
                    address.byteSize());
            check(result, "send datagram", "to", path);
        }
    }
}
