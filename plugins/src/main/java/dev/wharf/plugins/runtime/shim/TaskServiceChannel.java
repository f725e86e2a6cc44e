package dev.wharf.plugins.runtime.shim;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/**
 * Speaks the task service of one version through the stubs of version 3.
 *
 * <p>The two versions differ by the name of the service alone (their messages have the same fields), so the name in the
 * request is all there is to convert.
 */
final class TaskServiceChannel extends Channel {
    private final Channel connection;
    private final int version;

    TaskServiceChannel(Channel connection, int version) {
        this.connection = connection;
        this.version = version;
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        String name = "containerd.task.v" + version + ".Task";
        return connection.newCall(
                method.toBuilder()
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(
                                name, method.getBareMethodName() == null ? "" : method.getBareMethodName()))
                        .build(),
                options);
    }

    @Override
    public String authority() {
        return connection.authority();
    }
}
