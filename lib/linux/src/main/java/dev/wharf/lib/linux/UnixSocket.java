package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A unix domain socket by descriptor, for what {@code SocketChannel} cannot do: passing descriptors, abstract names, the
 * pid of the peer. Source: unix(7).
 *
 * <p>Sockets block; {@link #accept()}, {@link #connect} and {@link #receive} until the other side acts, so wait by {@link
 * Poll} first.
 */
public final class UnixSocket implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_PEEK_OFF = 42;
    private static final int SOCK_CLOEXEC = OpenFlags.O_CLOEXEC;

    private final Fd fd;

    private UnixSocket(Fd fd) {
        this.fd = fd;
    }

    /** How data is cut. */
    public enum Type {
        STREAM(1),
        DATAGRAM(2),
        SEQPACKET(5);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /**
     * The two ends of a connection.
     *
     * @param first one end
     * @param second the other end
     */
    public record Pair(UnixSocket first, UnixSocket second) implements AutoCloseable {
        /** Closes both ends. */
        @Override
        public void close() {
            try (first) {
                second.close();
            }
        }
    }

    /** Makes a socket without an address. Source: socket(2). */
    public static UnixSocket create(Type type) {
        long result = Syscall.SOCKET.call(UnixAddress.AF_UNIX, type.number | SOCK_CLOEXEC, 0);
        return new UnixSocket(Fd.adopt(check(result, "socket", "unix", type)));
    }

    /** Makes two connected sockets. Source: socketpair(2). */
    public static Pair pair(Type type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            long result = Syscall.SOCKETPAIR.call(UnixAddress.AF_UNIX, type.number | SOCK_CLOEXEC, 0, ends.address());
            check(result, "socketpair", type);
            return new Pair(
                    new UnixSocket(Fd.adopt(ends.getAtIndex(JAVA_INT, 0))),
                    new UnixSocket(Fd.adopt(ends.getAtIndex(JAVA_INT, 1))));
        }
    }

    /** Makes a stream socket that listens on a path, or on an abstract name when it starts with {@code @}. */
    public static UnixSocket listen(String path, int backlog) {
        UnixSocket socket = create(Type.STREAM);
        try {
            socket.bind(path);
            check(Syscall.LISTEN.call(socket.fd.number(), backlog), "listen", path);
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    /** Takes over an open socket. */
    public static UnixSocket adopt(Fd fd) {
        return new UnixSocket(fd);
    }

    /** Binds to a path, which is created, or to an abstract name when it starts with {@code @}. Source: bind(2). */
    public void bind(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = UnixAddress.of(arena, path);
            check(Syscall.BIND.call(fd.number(), address.address(), address.byteSize()), "bind", path);
        }
    }

    /** The path it is bound to; empty where that is none. Source: getsockname(2). */
    public Optional<String> path() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = UnixAddress.empty(arena);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            check(Syscall.GETSOCKNAME.call(fd.number(), address.address(), length.address()), "getsockname", fd);
            return UnixAddress.path(address, length.get(JAVA_INT, 0));
        }
    }

    /** Connects to a path or abstract name. Blocks while the backlog there is full. Source: connect(2). */
    public void connect(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = UnixAddress.of(arena, path);
            check(Syscall.CONNECT.call(fd.number(), address.address(), address.byteSize()), "connect", path);
        }
    }

    /** Takes the next connection. Blocks until there is one. Source: accept(2). */
    public UnixSocket accept() {
        long result = Syscall.ACCEPT4.call(fd.number(), 0, 0, SOCK_CLOEXEC);
        return new UnixSocket(Fd.adopt(check(result, "accept", fd)));
    }

    /** Sends bytes, at least one, with descriptors that the other side gets duplicates of; answers how many bytes. */
    public int send(byte[] data, List<Fd> descriptors) {
        return SocketMessage.send(fd, data, descriptors, 0);
    }

    /**
     * Receives bytes and the descriptors that came with them. Blocks until there is something.
     *
     * @param mostBytes to take at once; the rest of a datagram is lost
     * @param mostDescriptors to accept; EMSGSIZE, and none kept, when there were more
     */
    public ReceivedMessage receive(int mostBytes, int mostDescriptors) {
        return SocketMessage.receive(fd, mostBytes, mostDescriptors);
    }

    /** The same without waiting: EAGAIN when there is no room for it. */
    public int sendNow(byte[] data, List<Fd> descriptors) {
        return SocketMessage.send(fd, data, descriptors, SocketMessage.MSG_DONTWAIT);
    }

    /** The same as {@link #receive} without waiting; empty when there is nothing. */
    public Optional<ReceivedMessage> receiveNow(int mostBytes, int mostDescriptors) {
        return SocketMessage.receive(fd, mostBytes, mostDescriptors, SocketMessage.MSG_DONTWAIT);
    }

    /**
     * Reads a message, with duplicates of its descriptors, and leaves it in the queue; empty when there is none at the
     * {@link #peekFrom} position, which moves on by the message.
     */
    public Optional<ReceivedMessage> peek(int mostBytes, int mostDescriptors) {
        int flags = SocketMessage.MSG_PEEK | SocketMessage.MSG_DONTWAIT;
        return SocketMessage.receive(fd, mostBytes, mostDescriptors, flags);
    }

    /** Sets from which byte of the queue {@link #peek} reads next. Source: socket(7), SO_PEEK_OFF. */
    public void peekFrom(int offset) {
        check(setOption(SO_PEEK_OFF, offset), "setsockopt SO_PEEK_OFF", fd);
    }

    /**
     * Gives what is sent and not yet received more room, beyond the limit of the system; tells whether it was allowed.
     * Source: socket(7), SO_SNDBUFFORCE.
     */
    public boolean forceSendBuffer(int bytes) {
        return setOption(SO_SNDBUFFORCE, bytes) == 0;
    }

    private long setOption(int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(JAVA_INT, value);
            return Syscall.SETSOCKOPT.call(fd.number(), SOL_SOCKET, option, number.address(), number.byteSize());
        }
    }

    /**
     * Who is at the other end: the process that connected, or that listened.
     *
     * @param pid 0 when it is not visible from here
     * @param uid effective user then
     * @param gid effective group then
     */
    public record Peer(int pid, int uid, int gid) {}

    /** Who was at the other end when the connection was made. Source: unix(7), SO_PEERCRED. */
    public Peer peer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(JAVA_INT, 3);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) credentials.byteSize());
            long result = Syscall.GETSOCKOPT.call(
                    fd.number(), SOL_SOCKET, SO_PEERCRED, credentials.address(), length.address());
            check(result, "getsockopt SO_PEERCRED", fd);
            return new Peer(
                    credentials.getAtIndex(JAVA_INT, 0),
                    credentials.getAtIndex(JAVA_INT, 1),
                    credentials.getAtIndex(JAVA_INT, 2));
        }
    }

    /** The descriptor, for {@link Poll}, {@link FileIo} and {@link Spawn}; owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Closes the socket; a path it was bound to stays. */
    @Override
    public void close() {
        fd.close();
    }
}
