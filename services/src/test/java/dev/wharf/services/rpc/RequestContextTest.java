package dev.wharf.services.rpc;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.api.services.containers.v1.ContainersGrpc;
import dev.wharf.api.services.containers.v1.ContainersGrpc.ContainersBlockingStub;
import dev.wharf.api.services.containers.v1.ListContainersRequest;
import dev.wharf.core.context.Context;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestContextTest {
    private static final ListContainersRequest LIST = ListContainersRequest.getDefaultInstance();

    private TestServer server;
    private ContainersBlockingStub containers;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        containers = server.bare(ContainersGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Context seen() {
        return Objects.requireNonNull(server.containers.lastContext);
    }

    @Test
    void requestWithoutNamespaceIsRefused() {
        refused(
                Status.Code.FAILED_PRECONDITION,
                "namespace is required: failed precondition",
                () -> containers.list(LIST));
    }

    @Test
    void emptyNamespaceCountsAsNone() {
        refused(
                Status.Code.FAILED_PRECONDITION,
                "namespace is required: failed precondition",
                () -> TestServer.with(containers, "containerd-namespace", "").list(LIST));
    }

    @Test
    void streamWithoutNamespaceIsRefused() {
        refused(
                Status.Code.FAILED_PRECONDITION,
                "namespace is required: failed precondition",
                () -> containers.listStream(LIST).hasNext());
    }

    @Test
    void namespaceMustBeAnIdentifier() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                ": invalid argument",
                () -> TestServer.with(containers, "containerd-namespace", "a/b").list(LIST));
    }

    @Test
    void namespaceLeaseAndDeadlineReachTheStore() {
        TestServer.with(TestServer.with(containers, "containerd-namespace", "k8s.io"), "containerd-lease", "l1")
                .withDeadlineAfter(1, TimeUnit.HOURS)
                .list(LIST);

        assertThat(seen().namespace()).isEqualTo("k8s.io");
        assertThat(seen().lease()).contains("l1");
        assertThat(seen().remaining(Duration.ofDays(1))).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    }

    @Test
    void withoutLeaseAndDeadlineThereIsNone() {
        TestServer.with(containers, "containerd-namespace", "a").list(LIST);

        assertThat(seen()).isEqualTo(Context.of("a"));
    }

    @Test
    void namespaceMayComeByTheHeaderOfTtrpc() {
        TestServer.with(containers, "containerd-namespace-ttrpc", "b").list(LIST);

        assertThat(seen().namespace()).isEqualTo("b");
    }

    @Test
    void headerOfGrpcGoesFirst() {
        TestServer.with(TestServer.with(containers, "containerd-namespace-ttrpc", "b"), "containerd-namespace", "a")
                .list(LIST);

        assertThat(seen().namespace()).isEqualTo("a");
    }
}
