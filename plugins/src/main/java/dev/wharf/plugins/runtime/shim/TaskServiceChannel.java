package dev.wharf.plugins.runtime.shim;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Speaks the task service of one version through the stubs of version 3, in the namespace of a container: a shim that
 * serves several namespaces knows containers by both.
 *
 * <p>The two versions differ by the name of the service alone (their messages have the same fields), so the name in the
 * request is all there is to convert.
 */
final class TaskServiceChannel extends Channel {
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel connection;
    private final String namespace;
    private final int version;

    TaskServiceChannel(Channel connection, String namespace, int version) {
        this.connection = connection;
        this.namespace = namespace;
        this.version = version;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        String name = "containerd.task.v" + version + ".Task";
        MethodDescriptor<Q, R> named = method.toBuilder()
                .setFullMethodName(MethodDescriptor.generateFullMethodName(
                        name, method.getBareMethodName() == null ? "" : method.getBareMethodName()))
                .build();
        return new SimpleForwardingClientCall<>(connection.newCall(named, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                headers.put(NAMESPACE, namespace);
                super.start(listener, headers);
            }
        };
    }

    @Override
    public String authority() {
        return connection.authority();
    }
}
