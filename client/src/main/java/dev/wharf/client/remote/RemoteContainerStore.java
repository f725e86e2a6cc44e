package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.ContainersGrpc.ContainersBlockingStub;
import dev.wharf.api.services.containers.v1.CreateContainerRequest;
import dev.wharf.api.services.containers.v1.DeleteContainerRequest;
import dev.wharf.api.services.containers.v1.GetContainerRequest;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.api.services.containers.v1.UpdateContainerRequest;
import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.context.Context;
import dev.wharf.wire.ContainerMessages;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;

/** The containers of a daemon. Lists are streamed, so that their length has no bound but memory's. */
public final class RemoteContainerStore implements ContainerStore {
    private final ContainersBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteContainerStore(Channel channel) {
        this.stub = ContainersGrpc.newBlockingStub(channel);
    }

    @Override
    public Container get(Context ctx, String id) {
        var request = GetContainerRequest.newBuilder().setId(id).build();
        return Calls.call(() -> ContainerMessages.fromProto(in(ctx).get(request).getContainer()));
    }

    @Override
    public List<Container> list(Context ctx, List<String> filters) {
        var request = ListContainersRequest.newBuilder().addAllFilters(filters).build();
        List<Container> containers = new ArrayList<>();
        Calls.each(
                () -> in(ctx).listStream(request),
                message -> containers.add(ContainerMessages.fromProto(message.getContainer())));
        containers.sort((one, other) -> one.id().compareTo(other.id()));
        return List.copyOf(containers);
    }

    @Override
    public Container create(Context ctx, Container container) {
        var request = CreateContainerRequest.newBuilder()
                .setContainer(ContainerMessages.toProto(container))
                .build();
        return Calls.call(
                () -> ContainerMessages.fromProto(in(ctx).create(request).getContainer()));
    }

    @Override
    public Container update(Context ctx, Container container, List<String> paths) {
        var request = UpdateContainerRequest.newBuilder().setContainer(ContainerMessages.toProto(container));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(() ->
                ContainerMessages.fromProto(in(ctx).update(request.build()).getContainer()));
    }

    @Override
    public void delete(Context ctx, String id) {
        var request = DeleteContainerRequest.newBuilder().setId(id).build();
        Calls.run(() -> in(ctx).delete(request));
    }

    private ContainersBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, Calls.USUAL);
    }
}
