package dev.wharf.shim;

import org.jspecify.annotations.Nullable;

/**
 * A failure that the caller of a shim is told about. The text says what was being done, to what, and with an engine's
 * failure its own words; clients look for {@code not found} and {@code already exists} in it.
 */
public final class ShimException extends RuntimeException {
    /** Kinds of failure. The names are those of gRPC's status codes, which they become on the wire. */
    public enum Code {
        /** A value of the request is wrong. */
        INVALID_ARGUMENT,
        /** There is no such container, process or sandbox, or it has exited. */
        NOT_FOUND,
        /** The id is in use. */
        ALREADY_EXISTS,
        /** The state does not allow it: not started, still running, paused. */
        FAILED_PRECONDITION,
        /** This runtime or its engine cannot do it. */
        UNIMPLEMENTED,
        /** A bound of this process is reached. */
        RESOURCE_EXHAUSTED,
        /** Something took longer than it may. */
        DEADLINE_EXCEEDED,
        /** The shim is ending. */
        UNAVAILABLE,
        /** Everything else, such as an engine that failed: what Go's shim answers with as well. */
        UNKNOWN
    }

    private final Code code;

    /** A failure of some kind. */
    public ShimException(Code code, String message) {
        this(code, message, null);
    }

    /** A failure of some kind that another one led to. */
    public ShimException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure this is. */
    public Code code() {
        return code;
    }

    /** A container, process or sandbox that does not exist or has exited; the text gets {@code : not found}. */
    public static ShimException notFound(String what) {
        return new ShimException(Code.NOT_FOUND, what + ": not found");
    }

    /** An id in use; the text gets {@code : already exists}. */
    public static ShimException alreadyExists(String what) {
        return new ShimException(Code.ALREADY_EXISTS, what + ": already exists");
    }

    /** A state that does not allow what was asked. */
    public static ShimException failedPrecondition(String message) {
        return new ShimException(Code.FAILED_PRECONDITION, message);
    }

    /** A wrong value. */
    public static ShimException invalidArgument(String message) {
        return new ShimException(Code.INVALID_ARGUMENT, message);
    }

    /** Something this runtime cannot do. */
    public static ShimException unimplemented(String message) {
        return new ShimException(Code.UNIMPLEMENTED, message);
    }
}
