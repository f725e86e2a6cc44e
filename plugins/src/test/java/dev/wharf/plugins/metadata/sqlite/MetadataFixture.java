package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.containers.Container;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.plugins.content.local.LocalContentStore;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.events.RecordingEventBus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A metadata database with all its stores, above a real content store. */
final class MetadataFixture implements AutoCloseable, AfterEachCallback {
    static final Context CTX = Context.of("testing");
    static final Context OTHER = Context.of("other");
    static final TypedValue SPEC = new TypedValue(TypedValue.SPEC, "{}".getBytes(StandardCharsets.UTF_8));

    final SettableClock clock = new SettableClock();
    final RecordingEventBus events = new RecordingEventBus(clock);
    final Path root;
    final Path file;
    final LocalContentStore blobs;
    final SqliteDatabase database;
    final SqliteNamespaceStore namespaces;
    final SqliteImageStore images;
    final SqliteContainerStore containers;
    final SqliteSandboxStore sandboxes;
    final SqliteLeaseManager leases;
    final SqliteContentStore content;
    final SqliteSnapshotIndex snapshots;

    MetadataFixture(Path root) {
        this(root, SharingPolicy.SHARED);
    }

    MetadataFixture(Path root, SharingPolicy policy) {
        this.root = root;
        file = root.resolve("io.containerd.metadata.v1.bolt").resolve("wharf.db");
        blobs = LocalContentStore.open(root.resolve("content"), clock);
        database = SqliteDatabase.open(file);
        namespaces = new SqliteNamespaceStore(database, events);
        images = new SqliteImageStore(database, events, clock);
        containers = new SqliteContainerStore(database, events, clock);
        sandboxes = new SqliteSandboxStore(database, clock);
        leases = new SqliteLeaseManager(database, clock, new Random(1));
        content = new SqliteContentStore(database, blobs, policy, events, clock);
        snapshots = new SqliteSnapshotIndex(database, "overlayfs", events, clock);
    }

    @Override
    public void close() {
        database.close();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /** Writes a blob, or lists one that another namespace has, and answers its digest. */
    Digest blob(Context ctx, String text, Map<String, String> labels) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.sha256(bytes);
        try (ContentWriter writer = content.writer(ctx, "ref-" + digest.hex(), bytes.length, digest)) {
            int known = (int) writer.status().offset();
            writer.write(ByteBuffer.wrap(bytes, known, bytes.length - known));
            writer.commit(bytes.length, digest, labels);
        }
        return digest;
    }

    static Image image(String name, Digest target, Map<String, String> labels) {
        Descriptor descriptor = new Descriptor("application/vnd.oci.image.manifest.v1+json", target, 10);
        return new Image(name, labels, descriptor, Instant.EPOCH, Instant.EPOCH);
    }

    static Container container(String id, String snapshotter, String key, Map<String, String> labels) {
        return new Container(
                id,
                labels,
                "image",
                new Container.Runtime("io.containerd.runc.v2", null),
                SPEC,
                snapshotter,
                key,
                "",
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    static Container container(String id) {
        return container(id, "", "", Map.of());
    }

    /** Asserts that a call fails with this kind and text. */
    static void assertFails(ErrorKind kind, String text, ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WharfException.class,
                        e -> Assertions.assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .hasMessageContaining(text);
    }

    /** The topics of the events since the last call of {@code published().size()}. */
    List<String> topicsAfter(int count) {
        List<String> topics = events.topics();
        return topics.subList(count, topics.size());
    }
}
