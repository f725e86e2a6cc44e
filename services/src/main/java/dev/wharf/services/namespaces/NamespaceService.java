package dev.wharf.services.namespaces;

import com.google.protobuf.Empty;
import dev.wharf.api.services.namespaces.v1.CreateNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.CreateNamespaceResponse;
import dev.wharf.api.services.namespaces.v1.DeleteNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.GetNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.GetNamespaceResponse;
import dev.wharf.api.services.namespaces.v1.ListNamespacesRequest;
import dev.wharf.api.services.namespaces.v1.ListNamespacesResponse;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc;
import dev.wharf.api.services.namespaces.v1.UpdateNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.UpdateNamespaceResponse;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.services.rpc.Calls;
import dev.wharf.wire.NamespaceMessages;
import io.grpc.stub.StreamObserver;

/**
 * Makes, shows and removes namespaces. As in containerd the filter of List is ignored, and Get of a namespace that is
 * not there answers with one without labels: clients ask for its defaults before they put anything into it.
 */
public final class NamespaceService extends NamespacesGrpc.NamespacesImplBase {
    private final NamespaceStore namespaces;

    /** A service over a store. */
    public NamespaceService(NamespaceStore namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public void get(GetNamespaceRequest request, StreamObserver<GetNamespaceResponse> response) {
        Calls.answer(response, () -> {
            Namespace namespace = new Namespace(request.getName(), namespaces.labels(request.getName()));
            return GetNamespaceResponse.newBuilder()
                    .setNamespace(NamespaceMessages.toProto(namespace))
                    .build();
        });
    }

    @Override
    public void list(ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> response) {
        Calls.answer(
                response,
                () -> ListNamespacesResponse.newBuilder()
                        .addAllNamespaces(namespaces.list().stream()
                                .map(NamespaceMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public void create(CreateNamespaceRequest request, StreamObserver<CreateNamespaceResponse> response) {
        Calls.answer(response, () -> {
            Namespace namespace = NamespaceMessages.fromProto(request.getNamespace());
            namespaces.create(namespace);
            return CreateNamespaceResponse.newBuilder()
                    .setNamespace(NamespaceMessages.toProto(namespace))
                    .build();
        });
    }

    @Override
    public void update(UpdateNamespaceRequest request, StreamObserver<UpdateNamespaceResponse> response) {
        Calls.answer(
                response,
                () -> UpdateNamespaceResponse.newBuilder()
                        .setNamespace(NamespaceMessages.toProto(namespaces.update(
                                NamespaceMessages.fromProto(request.getNamespace()),
                                request.getUpdateMask().getPathsList())))
                        .build());
    }

    @Override
    public void delete(DeleteNamespaceRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> namespaces.delete(request.getName()));
    }
}
