package dev.wharf.services.leases;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.services.leases.v1.AddResourceRequest;
import dev.wharf.api.services.leases.v1.CreateRequest;
import dev.wharf.api.services.leases.v1.DeleteRequest;
import dev.wharf.api.services.leases.v1.DeleteResourceRequest;
import dev.wharf.api.services.leases.v1.Lease;
import dev.wharf.api.services.leases.v1.LeasesGrpc;
import dev.wharf.api.services.leases.v1.LeasesGrpc.LeasesBlockingStub;
import dev.wharf.api.services.leases.v1.ListRequest;
import dev.wharf.api.services.leases.v1.ListResourcesRequest;
import dev.wharf.api.services.leases.v1.Resource;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseServiceTest {
    private TestServer server;
    private LeasesBlockingStub leases;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        leases = server.stub(LeasesGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void create(String id) {
        leases.create(CreateRequest.newBuilder().setId(id).putLabels("l", "1").build());
    }

    @Test
    void createdLeaseIsListed() {
        create("a");

        Lease lease = leases.list(ListRequest.newBuilder().addFilters("id==a").build())
                .getLeases(0);

        assertThat(lease.getId()).isEqualTo("a");
        assertThat(lease.getLabelsMap()).containsEntry("l", "1");
        assertThat(lease.getCreatedAt().getSeconds()).isEqualTo(3);
    }

    @Test
    void leaseWithoutIdGetsOne() {
        assertThat(leases.create(CreateRequest.getDefaultInstance()).getLease().getId())
                .isNotEmpty();
    }

    @Test
    void onlyASynchronousDeleteCollectsGarbage() {
        create("a");
        create("b");

        leases.delete(DeleteRequest.newBuilder().setId("a").build());
        assertThat(server.collections).hasValue(0);

        leases.delete(DeleteRequest.newBuilder().setId("b").setSync(true).build());
        assertThat(server.collections).hasValue(1);
    }

    @Test
    void deleteOfAbsentLeaseIsNotFound() {
        refused(
                Status.Code.NOT_FOUND,
                "not found",
                () -> leases.delete(DeleteRequest.newBuilder().setId("a").build()));
    }

    @Test
    void resourcesGoInAndOut() {
        create("a");
        Resource blob =
                Resource.newBuilder().setId("sha256:1").setType("content").build();
        Resource snapshot =
                Resource.newBuilder().setId("k").setType("snapshots/overlayfs").build();
        leases.addResource(
                AddResourceRequest.newBuilder().setId("a").setResource(blob).build());
        leases.addResource(
                AddResourceRequest.newBuilder().setId("a").setResource(snapshot).build());
        leases.deleteResource(
                DeleteResourceRequest.newBuilder().setId("a").setResource(blob).build());

        assertThat(leases.listResources(
                                ListResourcesRequest.newBuilder().setId("a").build())
                        .getResourcesList())
                .containsExactly(snapshot);
    }

    @Test
    void unknownTypeOfResourceIsNotImplemented() {
        create("a");

        refused(
                Status.Code.UNIMPLEMENTED,
                "not implemented",
                () -> leases.addResource(AddResourceRequest.newBuilder()
                        .setId("a")
                        .setResource(Resource.newBuilder().setId("x").setType("y"))
                        .build()));
    }
}
