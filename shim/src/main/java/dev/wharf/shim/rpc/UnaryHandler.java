package dev.wharf.shim.rpc;

import dev.wharf.shim.Call;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers calls of one method, on the threads the server calls it on: one virtual thread a call. */
final class UnaryHandler<Q, A> implements ServerCallHandler<Q, A> {
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private final Method<Q, A> method;
    private final boolean interruptible;
    private final Function<Q, String> unnamed;

    /**
     * @param interruptible whether a caller that goes away interrupts its call
     * @param unnamed the namespace of a request that names none; empty where it is refused
     */
    UnaryHandler(Method<Q, A> method, boolean interruptible, Function<Q, String> unnamed) {
        this.method = method;
        this.interruptible = interruptible;
        this.unnamed = unnamed;
    }

    /** The namespace of a call, {@code otherwise} where its headers name none. */
    static String namespace(Metadata headers, String otherwise) {
        String named = headers.get(NAMESPACE);
        return named == null || named.isEmpty() ? otherwise : named;
    }

    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
        call.request(2);
        return new Request(call, headers);
    }

    private final class Request extends ServerCall.Listener<Q> {
        private final ServerCall<Q, A> call;
        private final Metadata headers;
        private @Nullable Q message;

        Request(ServerCall<Q, A> call, Metadata headers) {
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onMessage(Q received) {
            message = received;
        }

        @Override
        public void onHalfClose() {
            Q request = message;
            if (request == null) {
                call.close(Status.INVALID_ARGUMENT.withDescription("the call has no request"), new Metadata());
                return;
            }
            try {
                A answer = answer(request);
                call.sendHeaders(new Metadata());
                call.sendMessage(answer);
                call.close(Status.OK, new Metadata());
            } catch (InterruptedException | RuntimeException | Error thrown) {
                call.close(Statuses.of(thrown, call.getMethodDescriptor().getFullMethodName()), new Metadata());
            }
        }

        private A answer(Q request) throws InterruptedException {
            Context context = Context.current();
            String named = namespace(headers, "");
            Call caller = new Call(named.isEmpty() ? unnamed.apply(request) : named, context.getDeadline());
            return interruptible ? interruptibly(context, caller, request) : method.call(caller, request);
        }

        private A interruptibly(Context context, Call caller, Q request) throws InterruptedException {
            Thread waiting = Thread.currentThread();
            Context.CancellationListener gone = _ -> waiting.interrupt();
            context.addListener(gone, Runnable::run);
            try {
                return method.call(caller, request);
            } finally {
                context.removeListener(gone);
                boolean ignored = Thread.interrupted();
            }
        }
    }
}
