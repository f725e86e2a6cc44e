package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Changes of files and directories, reported as they happen. Source: inotify(7). */
public final class Inotify implements AutoCloseable {
    /** Content was written. */
    public static final int MODIFY = 0x2;

    /** Mode, owner, times, attributes or number of links changed. */
    public static final int ATTRIB = 0x4;

    /** A file that was open for writing was closed. */
    public static final int CLOSE_WRITE = 0x8;

    /** A name was moved away from the directory. */
    public static final int MOVED_FROM = 0x40;

    /** A name was moved into the directory. */
    public static final int MOVED_TO = 0x80;

    /** A name was made in the directory. */
    public static final int CREATE = 0x100;

    /** A name was removed from the directory. */
    public static final int DELETE = 0x200;

    /** The watched file itself was removed. */
    public static final int DELETE_SELF = 0x400;

    /** The watched file itself was moved. */
    public static final int MOVE_SELF = 0x800;

    /** Events were lost as they came faster than they were read. */
    public static final int OVERFLOW = 0x4000;

    /** The watch is gone, by removal or because its file is. */
    public static final int IGNORED = 0x8000;

    private static final int BUFFER = 1 << 14;
    private static final int HEADER = 16;

    private final Fd fd;

    private Inotify(Fd fd) {
        this.fd = fd;
    }

    /**
     * One change.
     *
     * @param watch number of the watch, -1 for {@link #OVERFLOW}
     * @param mask what happened
     * @param name of the file within a watched directory, else empty
     */
    public record Event(int watch, int mask, String name) {}

    /** Makes an object without watches, in non-blocking mode. */
    public static Inotify create() {
        int flags = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
        return new Inotify(Fd.adopt(check(Syscall.INOTIFY_INIT1.call(flags), "inotify_init1")));
    }

    /** Watches a file or directory for changes; answers the number of the watch. */
    public int add(Path path, int mask) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Memory.string(arena, path.toString()).address();
            return Math.toIntExact(
                    check(Syscall.INOTIFY_ADD_WATCH.call(fd.number(), name, mask), "inotify_add_watch", path));
        }
    }

    /** Stops a watch. */
    public void remove(int watch) {
        check(Syscall.INOTIFY_RM_WATCH.call(fd.number(), watch), "inotify_rm_watch", watch);
    }

    /** What happened since the last call; none when nothing did. Never blocks: wait by {@link Poll} on the descriptor. */
    public List<Event> read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER, Integer.BYTES);
            long length = Syscall.READ.call(fd.number(), buffer.address(), BUFFER);
            if (length == -Errno.EAGAIN.number()) {
                return List.of();
            }
            return parse(buffer.asSlice(0, check(length, "read", "inotify")));
        }
    }

    private static List<Event> parse(MemorySegment buffer) {
        List<Event> events = new ArrayList<>();
        for (long at = 0; at < buffer.byteSize(); ) {
            int padded = buffer.get(JAVA_INT, at + 12);
            String name = name(buffer.asSlice(at + HEADER, padded));
            events.add(new Event(buffer.get(JAVA_INT, at), buffer.get(JAVA_INT, at + 4), name));
            at += HEADER + padded;
        }
        return events;
    }

    private static String name(MemorySegment padded) {
        long length = 0;
        while (length < padded.byteSize() && padded.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return Memory.toName(padded, length);
    }

    /** The descriptor to wait on; owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Ends all watches. */
    @Override
    public void close() {
        fd.close();
    }
}
