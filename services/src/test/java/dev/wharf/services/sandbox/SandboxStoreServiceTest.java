package dev.wharf.services.sandbox;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.wharf.api.services.sandbox.v1.StoreCreateRequest;
import dev.wharf.api.services.sandbox.v1.StoreDeleteRequest;
import dev.wharf.api.services.sandbox.v1.StoreGetRequest;
import dev.wharf.api.services.sandbox.v1.StoreGrpc;
import dev.wharf.api.services.sandbox.v1.StoreGrpc.StoreBlockingStub;
import dev.wharf.api.services.sandbox.v1.StoreListRequest;
import dev.wharf.api.services.sandbox.v1.StoreUpdateRequest;
import dev.wharf.api.types.Sandbox;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxStoreServiceTest {
    private TestServer server;
    private StoreBlockingStub sandboxes;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        sandboxes = server.stub(StoreGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final Any VALUE = Any.newBuilder()
            .setTypeUrl("t")
            .setValue(ByteString.copyFromUtf8("v"))
            .build();

    private static Sandbox sandbox(String id) {
        return Sandbox.newBuilder()
                .setSandboxId(id)
                .setRuntime(Sandbox.Runtime.newBuilder().setName("r").setOptions(VALUE))
                .setSpec(VALUE)
                .putLabels("l", "1")
                .setCreatedAt(Timestamp.newBuilder().setSeconds(5))
                .setUpdatedAt(Timestamp.newBuilder().setSeconds(6))
                .putExtensions("e", VALUE)
                .setSandboxer("podsandbox")
                .build();
    }

    private void create(String id) {
        sandboxes.create(StoreCreateRequest.newBuilder().setSandbox(sandbox(id)).build());
    }

    @Test
    void createdSandboxIsFoundWithAllItsParts() {
        create("a");

        assertThat(sandboxes
                        .get(StoreGetRequest.newBuilder().setSandboxId("a").build())
                        .getSandbox())
                .isEqualTo(sandbox("a"));
    }

    @Test
    void listKeepsToTheFilters() {
        create("a");
        create("b");

        assertThat(sandboxes
                        .list(StoreListRequest.newBuilder().addFilters("id==b").build())
                        .getListList())
                .containsExactly(sandbox("b"));
    }

    @Test
    void updatePassesTheFieldsOn() {
        create("a");

        sandboxes.update(StoreUpdateRequest.newBuilder()
                .setSandbox(sandbox("a"))
                .addFields("labels.l")
                .build());

        assertThat(server.sandboxes.lastPaths).containsExactly("labels.l");
    }

    @Test
    void deletedSandboxIsGone() {
        create("a");
        StoreDeleteRequest request =
                StoreDeleteRequest.newBuilder().setSandboxId("a").build();

        sandboxes.delete(request);

        refused(Status.Code.NOT_FOUND, "not found", () -> sandboxes.delete(request));
    }
}
