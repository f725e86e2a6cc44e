package dev.wharf.core.context;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.names.Identifiers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request carries with it: whose objects it sees, which lease holds what it makes, and until when it may take.
 *
 * @param namespace the namespace, a checked identifier
 * @param leaseId the lease that objects made by this request are added to, or null
 * @param deadline the moment after which the caller no longer waits, or null for none
 */
public record Context(
        String namespace,
        @Nullable String leaseId,
        @Nullable Deadline deadline) {
    public Context {
        Identifiers.check(namespace);
    }

    /** A context without lease and deadline. */
    public static Context of(String namespace) {
        return new Context(namespace, null, null);
    }

    /** The lease, if there is one. */
    public Optional<String> lease() {
        return Optional.ofNullable(leaseId);
    }

    /** The same with another lease. */
    public Context withLease(@Nullable String lease) {
        return new Context(namespace, lease, deadline);
    }

    /** The same with another deadline. */
    public Context withDeadline(@Nullable Deadline until) {
        return new Context(namespace, leaseId, until);
    }

    /** The time left, but never more than {@code most}; {@code DEADLINE_EXCEEDED} when none is left. */
    public Duration remaining(Duration most) {
        if (deadline == null) {
            return most;
        }
        Duration left = deadline.remaining();
        if (left.isNegative() || left.isZero()) {
            throw ErrorKind.DEADLINE_EXCEEDED.of("no time left for this request");
        }
        return left.compareTo(most) < 0 ? left : most;
    }

    /** A moment on a given clock. */
    public record Deadline(java.time.Instant at, InstantSource clock) {
        /** A deadline {@code after} from now. */
        public static Deadline after(Duration after, InstantSource clock) {
            return new Deadline(clock.instant().plus(after), clock);
        }

        /** The time left; negative once it has passed. */
        public Duration remaining() {
            return Duration.between(clock.instant(), at);
        }
    }
}
