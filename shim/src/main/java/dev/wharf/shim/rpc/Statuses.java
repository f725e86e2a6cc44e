package dev.wharf.shim.rpc;

import dev.wharf.shim.ShimException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the status a caller gets of what a runtime threw. */
final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

    private Statuses() {}

    static Status of(Throwable thrown, String method) {
        return switch (thrown) {
            case ShimException e -> code(e.code()).withDescription(e.getMessage());
            case StatusRuntimeException e -> e.getStatus();
            case InterruptedException e -> Status.CANCELLED.withDescription("the caller is gone");
            default -> {
                LOG.error("call failed method={}", method, thrown);
                yield Status.UNKNOWN.withDescription(
                        Objects.requireNonNullElse(thrown.getMessage(), thrown.toString()));
            }
        };
    }

    private static Status code(ShimException.Code code) {
        return switch (code) {
            case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
            case NOT_FOUND -> Status.NOT_FOUND;
            case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
            case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
            case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case DEADLINE_EXCEEDED -> Status.DEADLINE_EXCEEDED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case UNKNOWN -> Status.UNKNOWN;
        };
    }
}
