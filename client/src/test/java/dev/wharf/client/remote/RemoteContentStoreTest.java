package dev.wharf.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.client.Transport;
import dev.wharf.client.WharfClient;
import dev.wharf.client.peer.GoContainerd;
import dev.wharf.client.peer.TestChannels;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.testkit.content.ContentStoreContract;
import dev.wharf.testkit.content.TestBytes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The content store of Go containerd over gRPC. Each test has namespaces of its own, and a lease
 * there, as the daemon would collect what nothing refers to.
 */
final class RemoteContentStoreTest implements ContentStoreContract {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static GoContainerd containerd;
    private static WharfClient client;

    private final String namespace = "wharf-test-" + COUNT.incrementAndGet();

    @BeforeAll
    static void start() {
        containerd = GoContainerd.start();
        client = WharfClient.connect(containerd.address(), new TestChannels());
    }

    @AfterAll
    static void stop() {
        client.close();
        containerd.close();
    }

    @BeforeEach
    void makeNamespaces() {
        for (String name : List.of(namespace, namespace + "-other")) {
            client.namespaces().create(new Namespace(name, Map.of()));
            client.leases().create(Context.of(name), "test", Map.of());
        }
    }

    @Override
    public ContentStore store() {
        return client.content();
    }

    @Override
    public Context ctx() {
        return Context.of(namespace).withLease("test");
    }

    @Override
    public Context other() {
        return Context.of(namespace + "-other").withLease("test");
    }

    @Test
    void goContainerdIsSpokenToByGrpc() {
        assertThat(client.transport()).isEqualTo(Transport.GRPC);
        assertThat(client.version().version()).startsWith("1.6.20");
    }

    /** The wire has no way to throw away a part of an ingest. */
    @Override
    @Test
    public void truncateKeepsWhatIsBefore() {
        TestBytes data = TestBytes.of(50_000, 11);
        try (ContentWriter writer = writer("ref", 0, null)) {
            writer.write(data.buffer(0, 30_000));
            writer.truncate(20_000);

            assertFails(ErrorKind.OUT_OF_RANGE, () -> writer.write(data.buffer(20_000, 30_000)));
        }
    }

    /** Go containerd 1.6 names blobs by sha256 alone. */
    @Override
    @Test
    public void sha512IsNamedBySha512() {
        sha512IsRefused("known at start", TestBytes.of(70_000, 4));
    }

    @Override
    @Test
    public void sha512AskedForAtCommitIsComputedThen() {
        sha512IsRefused("known at end", TestBytes.of(70_000, 5));
    }

    private void sha512IsRefused(String ref, TestBytes data) {
        try (ContentWriter writer = writer(ref, 0, null)) {
            writer.write(data.buffer());

            assertFails(
                    ErrorKind.FAILED_PRECONDITION, () -> writer.commit(data.size(), data.digest("sha512"), Map.of()));
        }
    }
}
