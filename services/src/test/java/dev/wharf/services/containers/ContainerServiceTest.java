package dev.wharf.services.containers;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import dev.wharf.api.services.containers.v1.Container;
import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.ContainersGrpc.ContainersBlockingStub;
import dev.wharf.api.services.containers.v1.CreateContainerRequest;
import dev.wharf.api.services.containers.v1.DeleteContainerRequest;
import dev.wharf.api.services.containers.v1.GetContainerRequest;
import dev.wharf.api.services.containers.v1.ListContainerMessage;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.api.services.containers.v1.UpdateContainerRequest;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerServiceTest {
    private TestServer server;
    private ContainersBlockingStub containers;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        containers = server.stub(ContainersGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final Any VALUE = Any.newBuilder()
            .setTypeUrl("types.containerd.io/opencontainers/runtime-spec/1/Spec")
            .setValue(ByteString.copyFromUtf8("{}"))
            .build();

    private static Container.Builder container(String id) {
        return Container.newBuilder()
                .setId(id)
                .putLabels("l", "1")
                .setImage("docker.io/library/busybox:latest")
                .setRuntime(Container.Runtime.newBuilder()
                        .setName("io.containerd.runc.v2")
                        .setOptions(VALUE))
                .setSpec(VALUE)
                .setSnapshotter("overlayfs")
                .setSnapshotKey("key")
                .setSandbox("pod")
                .putExtensions("e", VALUE)
                .setCreatedAt(Timestamp.newBuilder().setSeconds(5).setNanos(6))
                .setUpdatedAt(Timestamp.newBuilder().setSeconds(7));
    }

    private void create(String id) {
        containers.create(
                CreateContainerRequest.newBuilder().setContainer(container(id)).build());
    }

    @Test
    void createdContainerIsFoundWithAllItsParts() {
        create("a");

        assertThat(containers
                        .get(GetContainerRequest.newBuilder().setId("a").build())
                        .getContainer())
                .isEqualTo(container("a").build());
    }

    @Test
    void absentPartsStayAbsent() {
        Container bare = Container.newBuilder().setId("a").build();

        Container created = containers
                .create(CreateContainerRequest.newBuilder().setContainer(bare).build())
                .getContainer();

        assertThat(created.hasSpec()).isFalse();
        assertThat(created.getRuntime().hasOptions()).isFalse();
    }

    @Test
    void getOfAbsentContainerIsNotFound() {
        refused(
                Status.Code.NOT_FOUND,
                "container \"a\" in namespace \"test\": not found",
                () -> containers.get(GetContainerRequest.newBuilder().setId("a").build()));
    }

    @Test
    void listKeepsToTheFilters() {
        create("a");
        create("b");

        var found = containers.list(
                ListContainersRequest.newBuilder().addFilters("id==b").build());

        assertThat(found.getContainersList()).extracting(Container::getId).containsExactly("b");
    }

    @Test
    void streamedListHasOneContainerAMessage() {
        create("a");
        create("b");

        List<String> ids = new ArrayList<>();
        containers
                .listStream(ListContainersRequest.getDefaultInstance())
                .forEachRemaining((ListContainerMessage message) ->
                        ids.add(message.getContainer().getId()));

        assertThat(ids).containsExactly("a", "b");
    }

    @Test
    void updatePassesTheMaskOn() {
        create("a");

        containers.update(UpdateContainerRequest.newBuilder()
                .setContainer(container("a").setImage("other"))
                .setUpdateMask(FieldMask.newBuilder().addPaths("image").addPaths("extensions.e"))
                .build());

        assertThat(server.containers.lastPaths).containsExactly("image", "extensions.e");
        assertThat(server.containers.get(TestServer.CTX, "a").image()).isEqualTo("other");
    }

    @Test
    void updateWithoutMaskChangesAll() {
        create("a");

        containers.update(
                UpdateContainerRequest.newBuilder().setContainer(container("a")).build());

        assertThat(server.containers.lastPaths).isEmpty();
    }

    @Test
    void updateNeedsAnId() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "Container.ID required",
                () -> containers.update(UpdateContainerRequest.getDefaultInstance()));
    }

    @Test
    void deletedContainerIsGone() {
        create("a");
        DeleteContainerRequest request =
                DeleteContainerRequest.newBuilder().setId("a").build();

        containers.delete(request);

        refused(Status.Code.NOT_FOUND, "not found", () -> containers.delete(request));
    }
}
