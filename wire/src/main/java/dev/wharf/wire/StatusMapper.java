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
            case WharfException e -> describe(Status.fromCodeValue(e.kind().code()), e.getMessage(), e);
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
        return code == Status.Code.FAILED_PRECONDITION ? failedPrecondition(message) : ErrorKind.ofCode(code.value());
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
}
