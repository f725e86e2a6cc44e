package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The mode of a terminal: how it processes what passes through. Source: termios(3).
 *
 * <p>Kept as the kernel's struct termios, which differs from that of the C library: flags of input, output, control and
 * local processing, each of four bytes, one byte for the line discipline, and 19 control characters.
 */
public final class TerminalMode {
    static final int SIZE = 36;

    private static final int INPUT = 0;
    private static final int OUTPUT = 4;
    private static final int CONTROL = 8;
    private static final int LOCAL = 12;
    private static final int CHARACTERS = 17;

    /** IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL, IXON. */
    private static final int INPUT_PROCESSING = 0x5eb;

    private static final int OPOST = 0x1;

    /** ECHO, ECHONL, ICANON, ISIG, IEXTEN. */
    private static final int LINE_EDITING = 0x804b;

    /** CSIZE, PARENB. */
    private static final int CHARACTER_SIZE = 0x130;

    private static final int CS8 = 0x30;
    private static final int VTIME = 5;
    private static final int VMIN = 6;

    private final byte[] termios;

    private TerminalMode(byte[] termios) {
        this.termios = termios;
    }

    static TerminalMode read(MemorySegment termios) {
        return new TerminalMode(Memory.toArray(termios, SIZE));
    }

    MemorySegment write(Arena arena) {
        return Memory.bytes(arena, termios);
    }

    /** The same without any processing: bytes pass as they are, each at once. Source: termios(3), cfmakeraw. */
    public TerminalMode raw() {
        byte[] changed = termios.clone();
        MemorySegment mode = MemorySegment.ofArray(changed);
        replace(mode, INPUT, INPUT_PROCESSING, 0);
        replace(mode, OUTPUT, OPOST, 0);
        replace(mode, CONTROL, CHARACTER_SIZE, CS8);
        replace(mode, LOCAL, LINE_EDITING, 0);
        mode.set(JAVA_BYTE, CHARACTERS + VMIN, (byte) 1);
        mode.set(JAVA_BYTE, CHARACTERS + VTIME, (byte) 0);
        return new TerminalMode(changed);
    }

    private static void replace(MemorySegment mode, int flags, int clear, int set) {
        int before = mode.get(JAVA_INT_UNALIGNED, flags);
        mode.set(JAVA_INT_UNALIGNED, flags, (before & ~clear) | set);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TerminalMode mode && Arrays.equals(termios, mode.termios);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(termios);
    }
}
