package dev.wharf.services.containers;

import com.google.protobuf.Empty;
import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.CreateContainerRequest;
import dev.wharf.api.services.containers.v1.CreateContainerResponse;
import dev.wharf.api.services.containers.v1.DeleteContainerRequest;
import dev.wharf.api.services.containers.v1.GetContainerRequest;
import dev.wharf.api.services.containers.v1.GetContainerResponse;
import dev.wharf.api.services.containers.v1.ListContainerMessage;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.api.services.containers.v1.ListContainersResponse;
import dev.wharf.api.services.containers.v1.UpdateContainerRequest;
import dev.wharf.api.services.containers.v1.UpdateContainerResponse;
import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.ContainerMessages;
import io.grpc.stub.StreamObserver;

/** Makes, shows, changes and removes containers. */
public final class ContainerService extends ContainersGrpc.ContainersImplBase {
    private final ContainerStore containers;

    /** A service over a store. */
    public ContainerService(ContainerStore containers) {
        this.containers = containers;
    }

    @Override
    public void get(GetContainerRequest request, StreamObserver<GetContainerResponse> response) {
        Calls.answerAtOnce(
                response,
                () -> containers.peek(Requests.context(), request.getId()).map(ContainerService::found),
                () -> found(containers.get(Requests.context(), request.getId())));
    }

    private static GetContainerResponse found(Container container) {
        return GetContainerResponse.newBuilder()
                .setContainer(ContainerMessages.toProto(container))
                .build();
    }

    @Override
    public void list(ListContainersRequest request, StreamObserver<ListContainersResponse> response) {
        Calls.answer(
                response,
                () -> ListContainersResponse.newBuilder()
                        .addAllContainers(containers.list(Requests.context(), request.getFiltersList()).stream()
                                .map(ContainerMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public void listStream(ListContainersRequest request, StreamObserver<ListContainerMessage> response) {
        Calls.stream(response, stream -> {
            for (Container container : containers.list(Requests.context(), request.getFiltersList())) {
                stream.send(ListContainerMessage.newBuilder()
                        .setContainer(ContainerMessages.toProto(container))
                        .build());
            }
        });
    }

    @Override
    public void create(CreateContainerRequest request, StreamObserver<CreateContainerResponse> response) {
        Calls.answer(
                response,
                () -> CreateContainerResponse.newBuilder()
                        .setContainer(ContainerMessages.toProto(containers.create(
                                Requests.context(), ContainerMessages.fromProto(request.getContainer()))))
                        .build());
    }

    @Override
    public void update(UpdateContainerRequest request, StreamObserver<UpdateContainerResponse> response) {
        Calls.answer(
                response,
                () -> UpdateContainerResponse.newBuilder()
                        .setContainer(ContainerMessages.toProto(update(request)))
                        .build());
    }

    private Container update(UpdateContainerRequest request) {
        if (request.getContainer().getId().isEmpty()) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "Container.ID required");
        }
        return containers.update(
                Requests.context(),
                ContainerMessages.fromProto(request.getContainer()),
                request.getUpdateMask().getPathsList());
    }

    @Override
    public void delete(DeleteContainerRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> containers.delete(Requests.context(), request.getId()));
    }
}
