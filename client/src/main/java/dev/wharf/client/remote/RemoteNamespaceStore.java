package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.namespaces.v1.CreateNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.DeleteNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.GetNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.ListNamespacesRequest;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc.NamespacesBlockingStub;
import dev.wharf.api.services.namespaces.v1.UpdateNamespaceRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.wire.NamespaceMessages;
import io.grpc.Channel;
import java.util.List;
import java.util.Map;

/**
 * The namespaces of a daemon. Each call carries the namespace it is about as its header too: containerd publishes its
 * events there.
 */
public final class RemoteNamespaceStore implements NamespaceStore {
    private final NamespacesBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteNamespaceStore(Channel channel) {
        this.stub = NamespacesGrpc.newBlockingStub(channel);
    }

    @Override
    public List<Namespace> list() {
        var request = ListNamespacesRequest.getDefaultInstance();
        return Calls.call(() -> in("default").list(request)).getNamespacesList().stream()
                .map(NamespaceMessages::fromProto)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    /** The namespace; daemons answer with one without labels when there is none. */
    @Override
    public Namespace get(String name) {
        var request = GetNamespaceRequest.newBuilder().setName(name).build();
        return Calls.call(
                () -> NamespaceMessages.fromProto(in(name).get(request).getNamespace()));
    }

    @Override
    public void create(Namespace namespace) {
        var request = CreateNamespaceRequest.newBuilder()
                .setNamespace(NamespaceMessages.toProto(namespace))
                .build();
        Calls.run(() -> in(namespace.name()).create(request));
    }

    @Override
    public Namespace update(Namespace namespace, List<String> paths) {
        var request = UpdateNamespaceRequest.newBuilder().setNamespace(NamespaceMessages.toProto(namespace));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(() -> NamespaceMessages.fromProto(
                in(namespace.name()).update(request.build()).getNamespace()));
    }

    @Override
    public void delete(String name) {
        var request = DeleteNamespaceRequest.newBuilder().setName(name).build();
        Calls.run(() -> in(name).delete(request));
    }

    @Override
    public Map<String, String> labels(String name) {
        try {
            return get(name).labels();
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Map.of();
            }
            throw e;
        }
    }

    private NamespacesBlockingStub in(String namespace) {
        return Calls.with(stub, Context.of(namespace), Calls.USUAL);
    }
}
