package dev.wharf.wire;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CancellationException;

/**
 * Makes statuses of failures and failures of statuses, as containerd's errdefs does; nothing else may.
 *
 * <p>Conflict and not modified travel as failed precondition and are told apart by the end of the text.
 */
public final class StatusMapper {
    /** A message is a header on the wire: clients take some 8 KiB of those. */
    private static final int MAX_TEXT = 4096;

    private StatusMapper() {}

    /** The failure as a status; one that is a status already stays what it is. */
    public static StatusRuntimeException toStatus(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException e -> e;
            case StatusException e -> e.getStatus().asRuntimeException(e.getTrailers());
            case WharfException e -> describe(toStatus(e.kind()), e.getMessage(), e);
            case InterruptedException e -> describe(Status.CANCELLED, ErrorKind.CANCELLED.text(), e);
            case CancellationException e -> describe(Status.CANCELLED, ErrorKind.CANCELLED.text(), e);
            default -> describe(Status.UNKNOWN, text(failure), failure);
        };
    }

    /** The failure as {@code google.rpc.Status} writes it: number of the code. */
    public static int code(Throwable failure) {
        return toStatus(failure).getStatus().getCode().value();
    }

    /** The failure a status tells of, with its description as the message. */
    public static WharfException fromStatus(StatusRuntimeException failure) {
        return fromStatus(failure.getStatus(), failure);
    }

    /** The failure a status tells of, with its description as the message. */
    public static WharfException fromStatus(StatusException failure) {
        return fromStatus(failure.getStatus(), failure);
    }

    private static WharfException fromStatus(Status status, Throwable failure) {
        String description = status.getDescription();
        String message = description == null ? "" : description;
        ErrorKind kind = kind(status.getCode(), message);
        return new WharfException(kind, message.isEmpty() ? kind.text() : message, failure);
    }

    private static ErrorKind kind(Status.Code code, String message) {
        return switch (code) {
            case INVALID_ARGUMENT -> ErrorKind.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorKind.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorKind.ALREADY_EXISTS;
            case PERMISSION_DENIED -> ErrorKind.PERMISSION_DENIED;
            case RESOURCE_EXHAUSTED -> ErrorKind.RESOURCE_EXHAUSTED;
            case FAILED_PRECONDITION -> failedPrecondition(message);
            case ABORTED -> ErrorKind.ABORTED;
            case OUT_OF_RANGE -> ErrorKind.OUT_OF_RANGE;
            case UNIMPLEMENTED -> ErrorKind.NOT_IMPLEMENTED;
            case INTERNAL -> ErrorKind.INTERNAL;
            case UNAVAILABLE -> ErrorKind.UNAVAILABLE;
            case DATA_LOSS -> ErrorKind.DATA_LOSS;
            case UNAUTHENTICATED -> ErrorKind.UNAUTHENTICATED;
            case DEADLINE_EXCEEDED -> ErrorKind.DEADLINE_EXCEEDED;
            case CANCELLED -> ErrorKind.CANCELLED;
            case UNKNOWN, OK -> ErrorKind.UNKNOWN;
        };
    }

    private static ErrorKind failedPrecondition(String message) {
        if (endsWith(message, ErrorKind.CONFLICT)) {
            return ErrorKind.CONFLICT;
        }
        return endsWith(message, ErrorKind.NOT_MODIFIED) ? ErrorKind.NOT_MODIFIED : ErrorKind.FAILED_PRECONDITION;
    }

    private static boolean endsWith(String message, ErrorKind kind) {
        return message.equals(kind.text()) || message.endsWith(": " + kind.text());
    }

    /** Whether it is none of the failures wharf throws on purpose. */
    public static boolean isUnexpected(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException _, StatusException _, InterruptedException _, CancellationException _ -> false;
            case WharfException e -> e.kind() == ErrorKind.INTERNAL || e.kind() == ErrorKind.DATA_LOSS;
            default -> true;
        };
    }

    private static StatusRuntimeException describe(Status status, String text, Throwable cause) {
        return status.withDescription(bounded(text)).withCause(cause).asRuntimeException();
    }

    /** Without its middle where it is long; clients look at the end of a message to tell kinds of failure apart. */
    private static String bounded(String text) {
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(0, MAX_TEXT / 2) + " … " + text.substring(text.length() - MAX_TEXT / 2);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static Status toStatus(ErrorKind kind) {
        return switch (kind) {
            case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
            case NOT_FOUND -> Status.NOT_FOUND;
            case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
            case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
            case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case FAILED_PRECONDITION, CONFLICT, NOT_MODIFIED -> Status.FAILED_PRECONDITION;
            case ABORTED -> Status.ABORTED;
            case OUT_OF_RANGE -> Status.OUT_OF_RANGE;
            case NOT_IMPLEMENTED -> Status.UNIMPLEMENTED;
            case INTERNAL -> Status.INTERNAL;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case DATA_LOSS -> Status.DATA_LOSS;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
            case CANCELLED -> Status.CANCELLED;
            case UNKNOWN -> Status.UNKNOWN;
        };
    }
}
