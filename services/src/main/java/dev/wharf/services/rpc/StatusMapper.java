package dev.wharf.services.rpc;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CancellationException;

/** Makes statuses of failures, as containerd's errdefs does; nothing else in the services may. */
public final class StatusMapper {
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

    /** Whether it is none of the failures wharf throws on purpose. */
    static boolean isUnexpected(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException _, StatusException _, InterruptedException _, CancellationException _ -> false;
            case WharfException e -> e.kind() == ErrorKind.INTERNAL || e.kind() == ErrorKind.DATA_LOSS;
            default -> true;
        };
    }

    private static StatusRuntimeException describe(Status status, String text, Throwable cause) {
        return status.withDescription(text).withCause(cause).asRuntimeException();
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
