package dev.wharf.client.remote;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import dev.wharf.wire.StatusMapper;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all calls have in common: headers, deadline, and failures as core knows them. */
final class Calls {
    /** How long a call may take that only looks at or changes metadata; snapshots of slow disks included. */
    static final Duration USUAL = Duration.ofSeconds(60);

    /** How long a call may take whose work grows with the data: applying a layer, listing content, checkpoints. */
    static final Duration LONG = Duration.ofHours(1);

    private Calls() {}

    /** The stub with the context's headers and the sooner of its deadline and {@code limit}. */
    static <S extends AbstractStub<S>> S with(S stub, Context ctx, Duration limit) {
        return headed(stub, ctx).withDeadlineAfter(ctx.remaining(limit).toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The stub with the context's headers, and with its deadline if it has one. */
    static <S extends AbstractStub<S>> S unlimited(S stub, Context ctx) {
        return ctx.deadline() == null ? headed(stub, ctx) : with(stub, ctx, LONG);
    }

    private static <S extends AbstractStub<S>> S headed(S stub, Context ctx) {
        return stub.withInterceptors(new RequestHeaders(ctx));
    }

    static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    static void run(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    /** Hands each message of a stream to a consumer, whose own failures pass as they are. */
    static <T> void each(Supplier<Iterator<T>> stream, Consumer<T> consumer) {
        Iterator<T> messages = call(stream);
        while (call(messages::hasNext)) {
            consumer.accept(call(messages::next));
        }
    }

    /** The failure of a stream as core knows it. */
    static WharfException failure(Throwable failure) {
        return failure instanceof WharfException known
                ? known
                : StatusMapper.fromStatus(StatusMapper.toStatus(failure));
    }
}
