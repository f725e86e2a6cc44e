package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.namespaces.v1.CreateNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.DeleteNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.GetNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.ListNamespacesRequest;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc.NamespacesBlockingStub;
import dev.wharf.api.services.namespaces.v1.UpdateNamespaceRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.wire.NamespaceMessages;
import io.grpc.Channel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The namespaces of a daemon. */
public final class RemoteNamespaceStore implements NamespaceStore {
    private final NamespacesBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteNamespaceStore(Channel channel) {
        this.stub = NamespacesGrpc.newBlockingStub(channel);
    }

    @Override
    public List<Namespace> list() {
        var request = ListNamespacesRequest.getDefaultInstance();
        return Calls.call(() -> Calls.global(stub).list(request)).getNamespacesList().stream()
                .map(NamespaceMessages::fromProto)
                .sorted(Comparator.comparing(Namespace::name))
                .toList();
    }

    @Override
    public Namespace get(String name) {
        var request = GetNamespaceRequest.newBuilder().setName(name).build();
        return Calls.call(() ->
                NamespaceMessages.fromProto(Calls.global(stub).get(request).getNamespace()));
    }

    @Override
    public void create(Namespace namespace) {
        var request = CreateNamespaceRequest.newBuilder()
                .setNamespace(NamespaceMessages.toProto(namespace))
                .build();
        Calls.run(() -> Calls.global(stub).create(request));
    }

    @Override
    public Namespace update(Namespace namespace, List<String> paths) {
        var request = UpdateNamespaceRequest.newBuilder().setNamespace(NamespaceMessages.toProto(namespace));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(() -> NamespaceMessages.fromProto(
                Calls.global(stub).update(request.build()).getNamespace()));
    }

    @Override
    public void delete(String name) {
        var request = DeleteNamespaceRequest.newBuilder().setName(name).build();
        Calls.run(() -> Calls.global(stub).delete(request));
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
}
