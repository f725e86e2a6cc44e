package dev.wharf.core.error;

/**
 * The kinds of failure a client can tell apart; containerd's errdefs by the same names.
 *
 * <p>{@link #CONFLICT} and {@link #NOT_MODIFIED} travel as failed precondition, as containerd sends them.
 */
public enum ErrorKind {
    INVALID_ARGUMENT("invalid argument"),
    NOT_FOUND("not found"),
    ALREADY_EXISTS("already exists"),
    PERMISSION_DENIED("permission denied"),
    RESOURCE_EXHAUSTED("resource exhausted"),
    FAILED_PRECONDITION("failed precondition"),
    CONFLICT("conflict"),
    NOT_MODIFIED("not modified"),
    ABORTED("aborted"),
    OUT_OF_RANGE("out of range"),
    NOT_IMPLEMENTED("not implemented"),
    INTERNAL("internal"),
    UNAVAILABLE("unavailable"),
    DATA_LOSS("data loss"),
    UNAUTHENTICATED("unauthenticated"),
    DEADLINE_EXCEEDED("context deadline exceeded"),
    CANCELLED("context canceled"),
    UNKNOWN("unknown");

    private final String text;

    ErrorKind(String text) {
        this.text = text;
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
