package dev.wharf.services.namespaces;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.namespaces.v1.CreateNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.DeleteNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.GetNamespaceRequest;
import dev.wharf.api.services.namespaces.v1.ListNamespacesRequest;
import dev.wharf.api.services.namespaces.v1.Namespace;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc;
import dev.wharf.api.services.namespaces.v1.NamespacesGrpc.NamespacesBlockingStub;
import dev.wharf.api.services.namespaces.v1.UpdateNamespaceRequest;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceServiceTest {
    private TestServer server;
    private NamespacesBlockingStub namespaces;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        namespaces = server.bare(NamespacesGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static Namespace namespace(String name) {
        return Namespace.newBuilder().setName(name).putLabels("l", "1").build();
    }

    private void create(String name) {
        namespaces.create(CreateNamespaceRequest.newBuilder()
                .setNamespace(namespace(name))
                .build());
    }

    @Test
    void createdNamespaceIsFoundWithoutAHeader() {
        create("a");

        assertThat(namespaces
                        .get(GetNamespaceRequest.newBuilder().setName("a").build())
                        .getNamespace())
                .isEqualTo(namespace("a"));
        assertThat(namespaces.list(ListNamespacesRequest.getDefaultInstance()).getNamespacesList())
                .containsExactly(namespace("a"));
    }

    @Test
    void namespaceThatIsNotThereHasNoLabels() {
        assertThat(namespaces
                        .get(GetNamespaceRequest.newBuilder().setName("a").build())
                        .getNamespace())
                .isEqualTo(Namespace.newBuilder().setName("a").build());
    }

    @Test
    void nameMustBeAnIdentifier() {
        refused(Status.Code.INVALID_ARGUMENT, "invalid argument", () -> create("a/b"));
        refused(Status.Code.INVALID_ARGUMENT, "identifier must not be empty: invalid argument", () -> create(""));
    }

    @Test
    void labelsMustNotBeTooLong() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid argument",
                () -> namespaces.create(CreateNamespaceRequest.newBuilder()
                        .setNamespace(namespace("a").toBuilder().putLabels("k", "v".repeat(4096)))
                        .build()));
    }

    @Test
    void secondNamespaceOfANameIsRefused() {
        create("a");

        refused(Status.Code.ALREADY_EXISTS, "already exists", () -> create("a"));
    }

    @Test
    void updatePassesTheMaskOn() {
        create("a");

        namespaces.update(UpdateNamespaceRequest.newBuilder()
                .setNamespace(namespace("a"))
                .setUpdateMask(FieldMask.newBuilder().addPaths("labels.k"))
                .build());

        assertThat(server.namespaces.lastPaths).containsExactly("labels.k");
    }

    @Test
    void deletedNamespaceIsGone() {
        create("a");
        DeleteNamespaceRequest request =
                DeleteNamespaceRequest.newBuilder().setName("a").build();

        namespaces.delete(request);

        refused(Status.Code.NOT_FOUND, "namespace \"a\": not found", () -> namespaces.delete(request));
    }
}
