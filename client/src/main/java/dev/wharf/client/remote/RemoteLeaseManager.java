package dev.wharf.client.remote;

import dev.wharf.api.services.leases.v1.AddResourceRequest;
import dev.wharf.api.services.leases.v1.CreateRequest;
import dev.wharf.api.services.leases.v1.DeleteRequest;
import dev.wharf.api.services.leases.v1.DeleteResourceRequest;
import dev.wharf.api.services.leases.v1.LeasesGrpc;
import dev.wharf.api.services.leases.v1.LeasesGrpc.LeasesBlockingStub;
import dev.wharf.api.services.leases.v1.ListRequest;
import dev.wharf.api.services.leases.v1.ListResourcesRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.wire.LeaseMessages;
import io.grpc.Channel;
import java.util.List;
import java.util.Map;

/** The leases of a daemon. */
public final class RemoteLeaseManager implements LeaseManager {
    private final LeasesBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteLeaseManager(Channel channel) {
        this.stub = LeasesGrpc.newBlockingStub(channel);
    }

    @Override
    public Lease create(Context ctx, String id, Map<String, String> labels) {
        var request = CreateRequest.newBuilder().setId(id).putAllLabels(labels).build();
        return Calls.call(() -> LeaseMessages.fromProto(in(ctx).create(request).getLease()));
    }

    @Override
    public void delete(Context ctx, String id) {
        var request = DeleteRequest.newBuilder().setId(id).build();
        Calls.run(() -> in(ctx).delete(request));
    }

    @Override
    public List<Lease> list(Context ctx, List<String> filters) {
        var request = ListRequest.newBuilder().addAllFilters(filters).build();
        return Calls.call(() -> in(ctx).list(request)).getLeasesList().stream()
                .map(LeaseMessages::fromProto)
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    @Override
    public void addResource(Context ctx, String lease, LeaseResource resource) {
        var request = AddResourceRequest.newBuilder()
                .setId(lease)
                .setResource(LeaseMessages.toProto(resource))
                .build();
        Calls.run(() -> in(ctx).addResource(request));
    }

    @Override
    public void deleteResource(Context ctx, String lease, LeaseResource resource) {
        var request = DeleteResourceRequest.newBuilder()
                .setId(lease)
                .setResource(LeaseMessages.toProto(resource))
                .build();
        Calls.run(() -> in(ctx).deleteResource(request));
    }

    @Override
    public List<LeaseResource> listResources(Context ctx, String lease) {
        var request = ListResourcesRequest.newBuilder().setId(lease).build();
        return Calls.call(() -> in(ctx).listResources(request)).getResourcesList().stream()
                .map(LeaseMessages::fromProto)
                .toList();
    }

    private LeasesBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, Calls.USUAL);
    }
}
