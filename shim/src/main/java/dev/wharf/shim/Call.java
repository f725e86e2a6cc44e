package dev.wharf.shim;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and until when the answer is waited for.
 *
 * @param namespace of the request's header {@code containerd-namespace-ttrpc}; never empty
 * @param deadline after which nobody waits for the answer; null where the caller waits for ever
 */
public record Call(String namespace, @Nullable Deadline deadline) {
    /** Checks that there is a namespace. */
    public Call {
        if (namespace.isEmpty()) {
            throw ShimException.failedPrecondition("namespace is required");
        }
    }

    /** A call without a deadline. */
    public static Call in(String namespace) {
        return new Call(namespace, null);
    }

    /** How long to wait for something on behalf of the caller: what is left to the deadline, at most the given time. */
    public Duration remaining(Duration most) {
        if (deadline == null) {
            return most;
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
        return left.compareTo(most) < 0 ? left : most;
    }
}
