package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/**
 * Waiting until one of a few descriptors is ready. Source: poll(2).
 *
 * <p>Blocks up to the timeout in a native call, which neither an interrupt ends nor a virtual thread leaves its carrier
 * for: use a platform thread, and an {@link EventFd} among the descriptors to be woken.
 */
public final class Poll {
    /** There is something to read, or the end is reached. */
    public static final int IN = 0x001;

    /** There is something exceptional, such as a change of a cgroup file. */
    public static final int PRI = 0x002;

    /** There is room to write. */
    public static final int OUT = 0x004;

    /** An error; reported without being asked for. */
    public static final int ERR = 0x008;

    /** The other side hung up; reported without being asked for. */
    public static final int HUP = 0x010;

    /** The descriptor is not open; reported without being asked for. */
    public static final int NVAL = 0x020;

    private static final int STRUCT_SIZE = 8;

    private Poll() {}

    /**
     * One descriptor to wait for.
     *
     * @param fd the descriptor
     * @param events those asked for, {@link #IN}, {@link #OUT}, {@link #PRI} together
     */
    public record Interest(Fd fd, int events) {}

    /**
     * Waits until at least one interest is met or the time is over.
     *
     * @return the events of each interest in order, all 0 when the time was over
     */
    public static int[] await(List<Interest> interests, Duration timeout) {
        long deadline = System.nanoTime() + Nanos.of(timeout);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = arena.allocate((long) STRUCT_SIZE * interests.size(), JAVA_LONG.byteSize());
            for (int i = 0; i < interests.size(); i++) {
                array.set(
                        JAVA_INT, (long) i * STRUCT_SIZE, interests.get(i).fd().number());
                array.set(JAVA_SHORT, (long) i * STRUCT_SIZE + 4, (short)
                        interests.get(i).events());
            }
            MemorySegment timespec = arena.allocate(JAVA_LONG, 2);
            long result;
            do {
                Nanos.put(timespec, Math.max(0, deadline - System.nanoTime()));
                result = Syscall.PPOLL.once(array.address(), interests.size(), timespec.address(), 0, 0, 0);
            } while (result == -Errno.EINTR.number());
            ErrnoException.check(result, "poll", interests.size(), "descriptors");
            return happened(array, interests.size());
        }
    }

    /** Waits for one descriptor; answers its events, 0 when the time was over. */
    public static int await(Fd fd, int events, Duration timeout) {
        return await(List.of(new Interest(fd, events)), timeout)[0];
    }

    private static int[] happened(MemorySegment array, int count) {
        int[] events = new int[count];
        for (int i = 0; i < count; i++) {
            events[i] = array.get(JAVA_SHORT, (long) i * STRUCT_SIZE + 6);
        }
        return events;
    }
}
