package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Size and mode of terminals by descriptor. Source: ioctl_tty(2), termios(3). */
public final class Terminal {
    private static final int TCGETS = 0x5401;
    private static final int TCSETSW = 0x5403;
    private static final int TIOCSCTTY = 0x540e;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int WINSIZE = 8;

    private Terminal() {}

    /** Whether the descriptor is a terminal. Source: isatty(3). */
    public static boolean isTerminal(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ignored = arena.allocate(TerminalMode.SIZE, Integer.BYTES);
            return Syscall.IOCTL.call(fd.number(), TCGETS, ignored.address()) >= 0;
        }
    }

    /** The size of the terminal. */
    public static WindowSize size(Fd terminal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE, Short.BYTES);
            check(Syscall.IOCTL.call(terminal.number(), TIOCGWINSZ, size.address()), "ioctl TIOCGWINSZ", terminal);
            return new WindowSize(
                    Short.toUnsignedInt(size.get(JAVA_SHORT, 0)), Short.toUnsignedInt(size.get(JAVA_SHORT, 2)));
        }
    }

    /** Sets the size; the kernel tells the processes in the foreground by SIGWINCH when it changed. */
    public static void resize(Fd terminal, WindowSize wanted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE, Short.BYTES);
            size.set(JAVA_SHORT, 0, (short) wanted.rows());
            size.set(JAVA_SHORT, 2, (short) wanted.columns());
            check(Syscall.IOCTL.call(terminal.number(), TIOCSWINSZ, size.address()), "ioctl TIOCSWINSZ", terminal);
        }
    }

    /** The mode of the terminal, to be given back to {@link #setMode} later. */
    public static TerminalMode mode(Fd terminal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mode = arena.allocate(TerminalMode.SIZE, Integer.BYTES);
            check(Syscall.IOCTL.call(terminal.number(), TCGETS, mode.address()), "ioctl TCGETS", terminal);
            return TerminalMode.read(mode);
        }
    }

    /** Sets the mode after what was written has gone out. Can block until then. */
    public static void setMode(Fd terminal, TerminalMode wanted) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mode = wanted.write(arena);
            check(Syscall.IOCTL.call(terminal.number(), TCSETSW, mode.address()), "ioctl TCSETSW", terminal);
        }
    }

    /**
     * Turns off all processing by the terminal: bytes pass as they are and at once.
     *
     * @return the mode before, to be given back to {@link #setMode}
     */
    public static TerminalMode makeRaw(Fd terminal) {
        TerminalMode before = mode(terminal);
        setMode(terminal, before.raw());
        return before;
    }

    /** Makes the terminal the controlling one of this process, which must lead a session that has none. */
    public static void makeControlling(Fd terminal) {
        check(Syscall.IOCTL.call(terminal.number(), TIOCSCTTY, 0), "ioctl TIOCSCTTY", terminal);
    }
}
