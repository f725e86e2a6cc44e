package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.wire.StatusMapper;
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
        String said = failure.getStatus().getDescription();
        String message = said == null || said.isEmpty() ? rpc + " of task " + id : said;
        ErrorKind kind = StatusMapper.fromStatus(failure).kind();
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
}
