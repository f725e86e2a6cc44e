package dev.wharf.client.remote;

import dev.wharf.core.context.Context;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Puts namespace and lease into a call's headers, the namespace under its names for both transports. */
final class RequestHeaders implements ClientInterceptor {
    private static final Metadata.Key<String> NAMESPACE = key("containerd-namespace");
    private static final Metadata.Key<String> NAMESPACE_TTRPC = key("containerd-namespace-ttrpc");
    private static final Metadata.Key<String> LEASE = key("containerd-lease");

    private final Context ctx;

    RequestHeaders(Context ctx) {
        this.ctx = ctx;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> responses, Metadata headers) {
                headers.put(NAMESPACE, ctx.namespace());
                headers.put(NAMESPACE_TTRPC, ctx.namespace());
                String lease = ctx.leaseId();
                if (lease != null) {
                    headers.put(LEASE, lease);
                }
                super.start(responses, headers);
            }
        };
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
