package dev.wharf.services.rpc;

import dev.wharf.core.context.Context;
import dev.wharf.core.context.Context.Deadline;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import org.jspecify.annotations.Nullable;

/** What the call being handled on this thread says of itself; put there by {@link RequestInterceptor}. */
public final class Requests {
    static final io.grpc.Context.Key<Headers> HEADERS =
            io.grpc.Context.keyWithDefault("wharf-request", new Headers(null, null, null));

    /**
     * The parts of a context as they came, unchecked.
     *
     * @param namespace or null
     * @param lease or null
     * @param deadline or null
     */
    record Headers(
            @Nullable String namespace,
            @Nullable String lease,
            @Nullable Deadline deadline) {}

    private Requests() {}

    /** The context of this call; {@code FAILED_PRECONDITION} without a namespace, {@code INVALID_ARGUMENT}. */
    public static Context context() {
        Headers headers = HEADERS.get();
        String namespace = headers.namespace();
        if (namespace == null) {
            throw ErrorKind.FAILED_PRECONDITION.of("namespace is required");
        }
        return context(namespace, headers);
    }

    /** The context of this call, in {@code namespace} when the call names none. */
    public static Context contextOr(String namespace) {
        Headers headers = HEADERS.get();
        String given = headers.namespace();
        return context(given == null ? namespace : given, headers);
    }

    private static Context context(String namespace, Headers headers) {
        try {
            return new Context(namespace, headers.lease(), headers.deadline());
        } catch (WharfException e) {
            throw e.during("namespace validation");
        }
    }
}
