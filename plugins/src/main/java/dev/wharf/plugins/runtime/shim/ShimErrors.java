package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;

/** The one place where a shim's status becomes a {@link WharfException}; its words are kept. */
final class ShimErrors {
    private ShimErrors() {}

    /**
     * The exception for a failed call.
     *
     * @param rpc name of the method
     * @param id the container it was about
     * @param within the time it had, for the message of a deadline
     */
    static WharfException of(StatusRuntimeException failure, String rpc, String id, Duration within) {
        Status status = failure.getStatus();
        String said = status.getDescription();
        String message = said == null || said.isEmpty() ? rpc + " of task " + id : said;
        ErrorKind kind = kind(status.getCode(), message);
        return switch (kind) {
            case DEADLINE_EXCEEDED ->
                kind.of(
                        "the shim of task " + id + " did not answer " + rpc + " within " + within.toMillis() + " ms",
                        failure);
            case UNAVAILABLE -> kind.of("the shim of task " + id + " is gone (" + message + ")", failure);
            default -> new WharfException(kind, withText(kind, message, said != null), failure);
        };
    }

    private static String withText(ErrorKind kind, String message, boolean shimsOwn) {
        return shimsOwn ? message : message + ": " + kind.text();
    }

    private static ErrorKind kind(Status.Code code, String message) {
        return switch (code) {
            case INVALID_ARGUMENT -> ErrorKind.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorKind.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorKind.ALREADY_EXISTS;
            case PERMISSION_DENIED -> ErrorKind.PERMISSION_DENIED;
            case RESOURCE_EXHAUSTED -> ErrorKind.RESOURCE_EXHAUSTED;
            case FAILED_PRECONDITION -> precondition(message);
            case ABORTED -> ErrorKind.ABORTED;
            case OUT_OF_RANGE -> ErrorKind.OUT_OF_RANGE;
            case UNIMPLEMENTED -> ErrorKind.NOT_IMPLEMENTED;
            case INTERNAL -> ErrorKind.INTERNAL;
            case UNAVAILABLE -> ErrorKind.UNAVAILABLE;
            case DATA_LOSS -> ErrorKind.DATA_LOSS;
            case UNAUTHENTICATED -> ErrorKind.UNAUTHENTICATED;
            case DEADLINE_EXCEEDED -> ErrorKind.DEADLINE_EXCEEDED;
            case CANCELLED -> ErrorKind.CANCELLED;
            case OK, UNKNOWN -> ErrorKind.UNKNOWN;
        };
    }

    private static ErrorKind precondition(String message) {
        if (endsWith(message, ErrorKind.CONFLICT)) {
            return ErrorKind.CONFLICT;
        }
        return endsWith(message, ErrorKind.NOT_MODIFIED) ? ErrorKind.NOT_MODIFIED : ErrorKind.FAILED_PRECONDITION;
    }

    private static boolean endsWith(String message, ErrorKind kind) {
        return message.equals(kind.text()) || message.endsWith(": " + kind.text());
    }
}
