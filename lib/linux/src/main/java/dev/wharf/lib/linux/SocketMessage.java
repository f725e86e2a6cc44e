package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages with descriptors: struct msghdr with one struct cmsghdr of SCM_RIGHTS. Source: sendmsg(2), cmsg(3). */
final class SocketMessage {
    private static final int HEADER_SIZE = 56;
    private static final int IOVEC = 16;
    private static final int IOVEC_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int CMSG_HEADER = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    static final int MSG_PEEK = 0x2;
    private static final int MSG_CTRUNC = 0x8;
    static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    /** The kernel's bound of descriptors in one message. */
    private static final int SCM_MAX_FD = 253;

    private SocketMessage() {}

    static int send(Fd socket, byte[] data, List<Fd> descriptors, int flags) {
        if (data.length == 0 || descriptors.size() > SCM_MAX_FD) {
            throw new IllegalArgumentException(
                    "a message needs a byte and takes " + SCM_MAX_FD + " descriptors: " + descriptors.size());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = descriptors.isEmpty() ? MemorySegment.NULL : rights(arena, descriptors);
            MemorySegment header = header(arena, Memory.bytes(arena, data), control);
            long result = Syscall.SENDMSG.call(socket.number(), header.address(), MSG_NOSIGNAL | flags);
            return Math.toIntExact(check(result, "sendmsg", socket));
        }
    }

    static ReceivedMessage receive(Fd socket, int mostBytes, int mostDescriptors) {
        return receive(socket, mostBytes, mostDescriptors, 0)
                .orElseThrow(() -> new ErrnoException(Errno.EAGAIN, "recvmsg " + socket));
    }

    /** Empty when it would have to wait and MSG_DONTWAIT is among the flags. */
    static Optional<ReceivedMessage> receive(Fd socket, int mostBytes, int mostDescriptors, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(Math.max(1, mostBytes));
            MemorySegment control = arena.allocate(controlSize(Math.clamp(mostDescriptors, 0, SCM_MAX_FD)), Long.BYTES);
            MemorySegment header = header(arena, data, control);
            long result = Syscall.RECVMSG.call(socket.number(), header.address(), MSG_CMSG_CLOEXEC | flags);
            if (result == -Errno.EAGAIN.number()) {
                return Optional.empty();
            }
            int length = Math.toIntExact(check(result, "recvmsg", socket));
            List<Fd> descriptors = descriptors(control.asSlice(0, header.get(JAVA_LONG, CONTROL_LENGTH)));
            boolean cut = (header.get(JAVA_INT, FLAGS) & MSG_CTRUNC) != 0;
            // Alignment can leave room for one descriptor more than asked for.
            if (cut || descriptors.size() > mostDescriptors) {
                descriptors.forEach(Fd::close);
                throw new ErrnoException(
                        Errno.EMSGSIZE.number(), "recvmsg " + socket, "more than " + mostDescriptors + " descriptors");
            }
            return Optional.of(new ReceivedMessage(Memory.toArray(data, length), descriptors));
        }
    }

    private static MemorySegment header(Arena arena, MemorySegment data, MemorySegment control) {
        MemorySegment iovec = arena.allocateFrom(JAVA_LONG, data.address(), data.byteSize());
        MemorySegment header = arena.allocate(HEADER_SIZE, Long.BYTES);
        header.set(JAVA_LONG, IOVEC, iovec.address());
        header.set(JAVA_LONG, IOVEC_COUNT, 1);
        header.set(JAVA_LONG, CONTROL, control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, control.byteSize());
        return header;
    }

    private static MemorySegment rights(Arena arena, List<Fd> descriptors) {
        MemorySegment control = arena.allocate(controlSize(descriptors.size()), Long.BYTES);
        control.set(JAVA_LONG, 0, CMSG_HEADER + (long) Integer.BYTES * descriptors.size());
        control.set(JAVA_INT, 8, SOL_SOCKET);
        control.set(JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(
                    JAVA_INT,
                    CMSG_HEADER + (long) Integer.BYTES * i,
                    descriptors.get(i).number());
        }
        return control;
    }

    private static List<Fd> descriptors(MemorySegment control) {
        List<Fd> descriptors = new ArrayList<>();
        for (long at = 0; at + CMSG_HEADER <= control.byteSize(); ) {
            long length = control.get(JAVA_LONG, at);
            if (control.get(JAVA_INT, at + 8) == SOL_SOCKET && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
                for (long fd = at + CMSG_HEADER; fd + Integer.BYTES <= at + length; fd += Integer.BYTES) {
                    descriptors.add(Fd.adopt(control.get(JAVA_INT, fd)));
                }
            }
            at += align(Math.max(length, CMSG_HEADER));
        }
        return descriptors;
    }

    private static long controlSize(int descriptors) {
        return CMSG_HEADER + align((long) Integer.BYTES * descriptors);
    }

    private static long align(long size) {
        return (size + Long.BYTES - 1) & -Long.BYTES;
    }
}
