package dev.wharf.lib.linux;

/** How a process ended. */
public sealed interface ExitStatus {
    /**
     * It ended by itself.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {}

    /**
     * A signal killed it.
     *
     * @param signal number of the signal
     * @param coreDumped whether the kernel wrote its memory to a file
     */
    record Killed(int signal, boolean coreDumped) implements ExitStatus {}

    /** The one number shells make of it: the exit code, or 128 and the signal. */
    default int shellCode() {
        return switch (this) {
            case Exited exited -> exited.code;
            case Killed killed -> 128 + killed.signal;
        };
    }

    /** Whether it ended by itself with code 0. */
    default boolean success() {
        return shellCode() == 0;
    }

    /** Reads the encoding of wait(2). */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new Exited(status >> 8 & 0xff) : new Killed(signal, (status & 0x80) != 0);
    }
}
