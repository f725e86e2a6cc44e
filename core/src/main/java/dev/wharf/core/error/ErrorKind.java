package dev.wharf.core.error;

/**
 * The kinds of failure a client can tell apart; containerd's errdefs by the same names.
 *
 * <p>{@link #CONFLICT} and {@link #NOT_MODIFIED} travel as failed precondition, as containerd sends them.
 */
public enum ErrorKind {
    INVALID_ARGUMENT(3, "invalid argument"),
    NOT_FOUND(5, "not found"),
    ALREADY_EXISTS(6, "already exists"),
    PERMISSION_DENIED(7, "permission denied"),
    RESOURCE_EXHAUSTED(8, "resource exhausted"),
    FAILED_PRECONDITION(9, "failed precondition"),
    CONFLICT(9, "conflict"),
    NOT_MODIFIED(9, "not modified"),
    ABORTED(10, "aborted"),
    OUT_OF_RANGE(11, "out of range"),
    NOT_IMPLEMENTED(12, "not implemented"),
    INTERNAL(13, "internal"),
    UNAVAILABLE(14, "unavailable"),
    DATA_LOSS(15, "data loss"),
    UNAUTHENTICATED(16, "unauthenticated"),
    DEADLINE_EXCEEDED(4, "context deadline exceeded"),
    CANCELLED(1, "context canceled"),
    UNKNOWN(2, "unknown");

    private static final ErrorKind[] ALL = values();

    private final int code;
    private final String text;

    ErrorKind(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Its number on the wire. Source: google/rpc/code.proto. */
    public int code() {
        return code;
    }

    /** The kind of a number on the wire, of several the first; {@link #UNKNOWN} for all that are none. */
    public static ErrorKind ofCode(int code) {
        for (ErrorKind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        return UNKNOWN;
    }

    /** The words containerd ends its messages with for this kind; clients search for some of them. */
    public String text() {
        return text;
    }

    /** An exception of this kind; the message ends with {@link #text()}, as peers expect. */
    public WharfException of(String message) {
        return new WharfException(this, message + ": " + text, null);
    }

    /** An exception of this kind with a cause; the message ends with {@link #text()}. */
    public WharfException of(String message, Throwable cause) {
        return new WharfException(this, message + ": " + text, cause);
    }
}
