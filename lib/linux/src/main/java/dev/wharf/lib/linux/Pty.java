package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A pseudo terminal: the master end, and the path of the other, which programs see as their terminal.
 *
 * <p>Reading the master fails with EIO when the last program closed the terminal. Source: pty(7), pts(4).
 *
 * @param master what the user types is written here, what programs print is read here
 * @param terminal path of the terminal device
 */
public record Pty(Fd master, Path terminal) implements AutoCloseable {
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;

    /** Makes a pseudo terminal in the devpts of this mount namespace. */
    public static Pty open() {
        Fd master = Fd.open(Path.of("/dev/ptmx"), OpenFlags.O_RDWR | OpenFlags.O_NOCTTY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            check(Syscall.IOCTL.call(master.number(), TIOCSPTLCK, number.address()), "ioctl TIOCSPTLCK");
            check(Syscall.IOCTL.call(master.number(), TIOCGPTN, number.address()), "ioctl TIOCGPTN");
            return new Pty(master, Path.of("/dev/pts/" + number.get(JAVA_INT, 0)));
        } catch (ErrnoException e) {
            master.close();
            throw e;
        }
    }

    /** Closes the master, which hangs the terminal up. */
    @Override
    public void close() {
        master.close();
    }
}
