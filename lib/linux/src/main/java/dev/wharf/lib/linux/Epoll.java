package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A set of descriptors watched for readiness. Source: epoll(7). */
public final class Epoll implements AutoCloseable {
    /** There is something to read, or the end is reached. */
    public static final int IN = 0x001;

    /** There is room to write. */
    public static final int OUT = 0x004;

    /** An error; reported without being asked for. */
    public static final int ERR = 0x008;

    /** The other side hung up; reported without being asked for. */
    public static final int HUP = 0x010;

    /** The other side will write no more. */
    public static final int RDHUP = 0x2000;

    /** Report once, then be silent until {@link #modify}. */
    public static final int ONESHOT = 1 << 30;

    /** Report changes, not states. */
    public static final int EDGE = 1 << 31;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;

    /** struct epoll_event is packed on x86_64 alone. */
    private static final int STRUCT_SIZE = Machine.pick(12, 16);

    private static final int KEY_OFFSET = Machine.pick(4, 8);
    private static final long MAX_MILLIS = Integer.MAX_VALUE;

    private final Fd fd;

    private Epoll(Fd fd) {
        this.fd = fd;
    }

    /**
     * What happened to one descriptor.
     *
     * @param key the number given when it was added
     * @param events those that are there
     */
    public record Event(long key, int events) {}

    /** Makes an empty set. */
    public static Epoll create() {
        return new Epoll(Fd.adopt(check(Syscall.EPOLL_CREATE1.call(OpenFlags.O_CLOEXEC), "epoll_create1")));
    }

    /** Watches a descriptor for events; the key is handed back with each of them. */
    public void add(Fd watched, int events, long key) {
        control(CTL_ADD, watched, events, key);
    }

    /** Changes events and key of a watched descriptor. */
    public void modify(Fd watched, int events, long key) {
        control(CTL_MOD, watched, events, key);
    }

    /** Stops watching a descriptor. */
    public void remove(Fd watched) {
        control(CTL_DEL, watched, 0, 0);
    }

    /**
     * Waits for events. Blocks up to the timeout in a native call: use a platform thread, and an {@link EventFd} in the
     * set to be woken. A signal ends the wait early with no events. Source: epoll_wait(2).
     *
     * @param most number of events to return at once
     * @return none when the time was over
     */
    public List<Event> await(int most, Duration timeout) {
        long millis = Math.min(MAX_MILLIS, (Nanos.of(timeout) + 999_999) / 1_000_000);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocate((long) most * STRUCT_SIZE, Long.BYTES);
            long count = Syscall.EPOLL_PWAIT.once(fd.number(), array.address(), most, millis, 0, 0);
            if (count == -Errno.EINTR.number()) {
                return List.of();
            }
            return read(array, check(count, "epoll_wait", fd));
        }
    }

    private static List<Event> read(MemorySegment array, long count) {
        List<Event> events = new ArrayList<>();
        for (long at = 0; at < count * STRUCT_SIZE; at += STRUCT_SIZE) {
            events.add(new Event(array.get(JAVA_LONG_UNALIGNED, at + KEY_OFFSET), array.get(JAVA_INT_UNALIGNED, at)));
        }
        return events;
    }

    private void control(int operation, Fd watched, int events, long key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(STRUCT_SIZE, Long.BYTES);
            event.set(JAVA_INT_UNALIGNED, 0, events);
            event.set(JAVA_LONG_UNALIGNED, KEY_OFFSET, key);
            long result = Syscall.EPOLL_CTL.call(fd.number(), operation, watched.number(), event.address());
            check(result, "epoll_ctl", watched);
        }
    }

    /** Closes the set; what it watched stays open. */
    @Override
    public void close() {
        fd.close();
    }
}
