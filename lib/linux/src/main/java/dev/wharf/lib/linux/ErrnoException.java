package dev.wharf.lib.linux;

/**
 * A system call or library function failed.
 *
 * <p>The message reads {@code <operation and what it worked on>: <symbol>: <text>}, for example {@code mount overlay on
 * /x: EBUSY: Device or resource busy}.
 */
public final class ErrnoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int number;

    /**
     * An error of the given operation.
     *
     * @param number the error number, positive
     * @param operation what was being done, and to what
     */
    public ErrnoException(int number, String operation) {
        super(operation + ": " + symbol(number) + ": " + Libc.strerror(number));
        this.number = number;
    }

    /** An error of the given operation. */
    public ErrnoException(Errno errno, String operation) {
        this(errno.number(), operation);
    }

    /** An error of the given operation with what else is known about its reason. */
    ErrnoException(int number, String operation, String reason) {
        super(operation + ": " + symbol(number) + ": " + Libc.strerror(number) + " (" + reason + ")");
        this.number = number;
    }

    /** The error number as the kernel gave it. */
    public int number() {
        return number;
    }

    /** The error by name; {@link Errno#UNKNOWN} when this library has no name for it. */
    public Errno errno() {
        return Errno.of(number);
    }

    /** Whether this is the given error. */
    public boolean is(Errno errno) {
        return number == errno.number();
    }

    /**
     * Passes a result of a system call through, unless it is an error.
     *
     * @param result what the kernel answered: a negative error number, or the result
     * @param operation name of the call
     * @param subject what it worked on; joined by blanks into the message
     */
    static long check(long result, String operation, Object... subject) {
        if (result >= 0) {
            return result;
        }
        throw of(result, operation, subject);
    }

    /** The exception for a negative result of a system call. */
    static ErrnoException of(long result, String operation, Object... subject) {
        StringBuilder message = new StringBuilder(operation);
        for (Object part : subject) {
            message.append(' ').append(part);
        }
        return new ErrnoException(Math.toIntExact(-result), message.toString());
    }

    private static String symbol(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.UNKNOWN ? "errno " + number : errno.name();
    }
}
