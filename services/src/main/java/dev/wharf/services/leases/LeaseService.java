package dev.wharf.services.leases;

import com.google.protobuf.Empty;
import dev.wharf.api.services.leases.v1.AddResourceRequest;
import dev.wharf.api.services.leases.v1.CreateRequest;
import dev.wharf.api.services.leases.v1.CreateResponse;
import dev.wharf.api.services.leases.v1.DeleteRequest;
import dev.wharf.api.services.leases.v1.DeleteResourceRequest;
import dev.wharf.api.services.leases.v1.LeasesGrpc;
import dev.wharf.api.services.leases.v1.ListRequest;
import dev.wharf.api.services.leases.v1.ListResourcesRequest;
import dev.wharf.api.services.leases.v1.ListResourcesResponse;
import dev.wharf.api.services.leases.v1.ListResponse;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.LeaseMessages;
import io.grpc.stub.StreamObserver;

/** Makes, shows, fills and removes leases. */
public final class LeaseService extends LeasesGrpc.LeasesImplBase {
    private final LeaseManager leases;
    private final GarbageCollector garbage;

    /** A service over leases, and the collector that a synchronous delete waits for. */
    public LeaseService(LeaseManager leases, GarbageCollector garbage) {
        this.leases = leases;
        this.garbage = garbage;
    }

    @Override
    public void create(CreateRequest request, StreamObserver<CreateResponse> response) {
        Calls.answer(
                response,
                () -> CreateResponse.newBuilder()
                        .setLease(LeaseMessages.toProto(
                                leases.create(Requests.context(), request.getId(), request.getLabelsMap())))
                        .build());
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            leases.delete(Requests.context(), request.getId());
            if (request.getSync()) {
                garbage.collect();
            }
        });
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListResponse> response) {
        Calls.answer(
                response,
                () -> ListResponse.newBuilder()
                        .addAllLeases(leases.list(Requests.context(), request.getFiltersList()).stream()
                                .map(LeaseMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public void addResource(AddResourceRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response,
                () -> leases.addResource(
                        Requests.context(), request.getId(), LeaseMessages.fromProto(request.getResource())));
    }

    @Override
    public void deleteResource(DeleteResourceRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response,
                () -> leases.deleteResource(
                        Requests.context(), request.getId(), LeaseMessages.fromProto(request.getResource())));
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> response) {
        Calls.answer(
                response,
                () -> ListResourcesResponse.newBuilder()
                        .addAllResources(leases.listResources(Requests.context(), request.getId()).stream()
                                .map(LeaseMessages::toProto)
                                .toList())
                        .build());
    }
}
