package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.images.Image;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.sandbox.Sandbox;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import dev.wharf.testkit.dirs.TempDirs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteGarbageCollectorTest {
    private static final String REF = "containerd.io/gc.ref.";
    private static final String BACK_REF = "containerd.io/gc.bref.";
    private static final GcSettings ON_REQUEST = new GcSettings(0, 0, 0, Duration.ZERO, Duration.ZERO);

    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private final CleanupCounter cleanups = new CleanupCounter();
    private SqliteGarbageCollector collector = collector(ON_REQUEST);

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void anImageKeepsItsTreeAndWithItAllOfItGoes() {
        Tree tree = tree(CTX);
        Digest stray = metadata.blob(CTX, "stray", Map.of());

        assertThat(collect()).isEqualTo(1);
        assertThat(blobs(CTX)).containsExactlyInAnyOrder(tree.manifest(), tree.config(), tree.layer());
        assertThat(snapshots(CTX)).containsExactly("lower", "upper");
        assertFails(ErrorKind.NOT_FOUND, "", () -> metadata.blobs.size(stray));

        metadata.images.delete(CTX, "image", Optional.empty());
        int before = metadata.events.topics().size();
        assertThat(collect()).isEqualTo(5);
        assertThat(blobs(CTX)).isEmpty();
        assertThat(snapshots(CTX)).isEmpty();
        assertThat(onDisk()).isEmpty();
        assertThat(metadata.events
                        .events()
                        .subList(before, metadata.events.events().size()))
                .containsExactlyInAnyOrder(
                        new Event.SnapshotRemoved("lower", "overlayfs"),
                        new Event.SnapshotRemoved("upper", "overlayfs"));
        assertThat(edges()).isZero();
        assertThat(collect()).isZero();
    }

    @Test
    void aBlobThatAnotherNamespaceHasStaysOnDisk() {
        Digest digest = metadata.blob(CTX, "both", Map.of("containerd.io/gc.root", "yes"));
        metadata.blob(OTHER, "both", Map.of());

        collect();
        assertThat(blobs(CTX)).containsExactly(digest);
        assertThat(blobs(OTHER)).isEmpty();
        assertThat(onDisk()).containsExactly(digest);
    }

    @Test
    void aContainerKeepsItsSnapshotAndItsParents() {
        layer("base", "", Map.of());
        active("root", "base", Map.of());
        active("other", "base", Map.of());
        metadata.containers.create(CTX, MetadataFixture.container("c", "overlayfs", "root", Map.of()));

        collect();
        assertThat(snapshots(CTX)).containsExactly("base", "root");

        metadata.containers.delete(CTX, "c");
        collect();
        assertThat(snapshots(CTX)).isEmpty();
    }

    @Test
    void aLeaseKeepsWhatWasMadeUnderItUntilItIsDeleted() {
        metadata.leases.create(CTX, "l", Map.of());
        Context leased = CTX.withLease("l");
        Digest child = metadata.blob(CTX, "child", Map.of());
        Digest digest = metadata.blob(leased, "leased", Map.of(REF + "content.0", child.toString()));
        metadata.snapshots.create(leased, metadata.snapshots.reserveId(), Kind.ACTIVE, "s", "", Map.of());
        metadata.content.writer(leased, "ingest", 0, null).close();

        collect();
        assertThat(blobs(CTX)).containsExactlyInAnyOrder(child, digest);
        assertThat(snapshots(CTX)).containsExactly("s");
        metadata.clock.advance(Duration.ofDays(2));
        collect();
        assertThat(metadata.content.statuses(CTX, List.of())).hasSize(1);

        metadata.leases.delete(CTX, "l");
        collect();
        assertThat(blobs(CTX)).isEmpty();
        assertThat(snapshots(CTX)).isEmpty();
        assertThat(metadata.content.statuses(CTX, List.of())).isEmpty();
        assertThat(metadata.blobs.statuses()).isEmpty();
    }

    @Test
    void aFlatLeaseKeepsNoMoreThanWhatItHolds() {
        Digest child = metadata.blob(CTX, "child", Map.of());
        Digest held = metadata.blob(CTX, "held", Map.of(REF + "content.0", child.toString()));
        Digest target = metadata.blob(CTX, "target", Map.of(REF + "content.0", child.toString()));
        layer("base", "", Map.of());
        layer("top", "base", Map.of(REF + "content.0", child.toString()));
        metadata.images.create(CTX, MetadataFixture.image("i", target, expired()));
        metadata.leases.create(CTX, "flat", Map.of("containerd.io/gc.flat", "true"));
        metadata.leases.addResource(CTX, "flat", new LeaseResource(held.toString(), "content"));
        metadata.leases.addResource(CTX, "flat", new LeaseResource("top", "snapshots/overlayfs"));
        metadata.leases.addResource(CTX, "flat", new LeaseResource("i", "images"));

        collect();

        assertThat(blobs(CTX)).containsExactlyInAnyOrder(held, target);
        assertThat(snapshots(CTX)).containsExactly("base", "top");
        assertThat(metadata.images.list(CTX, List.of())).hasSize(1);
    }

    @Test
    void leasesAndImagesEndWhenTheyExpire() {
        String expiry = metadata.clock.instant().plusSeconds(60).toString();
        Digest digest = metadata.blob(CTX, "blob", Map.of());
        metadata.images.create(CTX, MetadataFixture.image("ends", digest, Map.of(GcLabels.EXPIRE, expiry)));
        metadata.images.create(CTX, MetadataFixture.image("odd", digest, Map.of(GcLabels.EXPIRE, "tomorrow")));
        metadata.leases.create(CTX, "ends", Map.of(GcLabels.EXPIRE, expiry));
        metadata.leases.create(CTX, "odd", Map.of(GcLabels.EXPIRE, "tomorrow"));

        assertThat(collect()).isZero();
        metadata.clock.advance(Duration.ofSeconds(61));
        int before = metadata.events.topics().size();
        assertThat(collect()).isEqualTo(2);

        assertThat(metadata.images.list(CTX, List.of())).extracting(Image::name).containsExactly("odd");
        assertThat(metadata.leases.list(CTX, List.of())).extracting(Lease::id).containsExactly("odd");
        assertThat(metadata.topicsAfter(before)).containsExactly("/images/delete");
    }

    @Test
    void anExpiredImageStaysWhileItIsReferredTo() {
        Digest digest = metadata.blob(CTX, "blob", Map.of());
        metadata.images.create(CTX, MetadataFixture.image("expired", digest, expired()));
        metadata.containers.create(CTX, MetadataFixture.container("c", "", "", Map.of(REF + "image.x", "expired")));

        collect();
        assertThat(blobs(CTX)).containsExactly(digest);

        metadata.containers.delete(CTX, "c");
        collect();
        assertThat(blobs(CTX)).isEmpty();
        assertThat(metadata.images.list(CTX, List.of())).isEmpty();
    }

    @Test
    void backReferencesKeepAnObjectWhileItsTargetLives() {
        Digest root = metadata.blob(CTX, "root", Map.of("containerd.io/gc.root", "x"));
        Digest byContent = metadata.blob(CTX, "by content", Map.of(BACK_REF + "content", root.toString()));
        Digest byContainer = metadata.blob(CTX, "by container", Map.of(BACK_REF + "container.a", "c"));
        Digest byImage = metadata.blob(CTX, "by image", Map.of(BACK_REF + "image/b", "i"));
        Digest bySnapshot = metadata.blob(CTX, "by snapshot", Map.of(BACK_REF + "snapshot.overlayfs/z", "s"));
        metadata.blob(CTX, "by nothing", Map.of(BACK_REF + "container", "none"));
        metadata.blob(CTX, "by other", Map.of(BACK_REF + "contents", root.toString()));
        metadata.containers.create(CTX, MetadataFixture.container("c"));
        metadata.images.create(CTX, MetadataFixture.image("i", root, Map.of()));
        active("s", "", Map.of("containerd.io/gc.root", "x"));

        collect();
        assertThat(blobs(CTX)).containsExactlyInAnyOrder(root, byContent, byContainer, byImage, bySnapshot);

        metadata.containers.delete(CTX, "c");
        metadata.images.delete(CTX, "i", Optional.empty());
        collect();
        assertThat(blobs(CTX)).containsExactlyInAnyOrder(root, byContent, bySnapshot);
    }

    @Test
    void conditionsKeepASnapshotByItsLastUse() {
        String used = "containerd.io/gc.cond.value-usedat";
        Instant now = metadata.clock.instant();
        active("fresh", "", Map.of(used, now.minusSeconds(60).toString()));
        active("stale", "", Map.of(used, now.minusSeconds(7200).toString()));
        active("never", "", Map.of());
        Digest digest = metadata.blob(CTX, "blob", Map.of("containerd.io/gc.root", "x"));
        metadata.images.create(
                CTX,
                MetadataFixture.image(
                        "i",
                        digest,
                        Map.of(
                                "containerd.io/gc.cond.snapshot.overlayfs/1", "usedat<1h30m|fresh",
                                "containerd.io/gc.cond.snapshot.overlayfs/2", "usedat<1h30m|stale",
                                "containerd.io/gc.cond.snapshot.overlayfs/3", "usedat<1h30m|never")));

        collect();
        assertThat(snapshots(CTX)).containsExactly("fresh");

        metadata.clock.advance(Duration.ofHours(2));
        collect();
        assertThat(snapshots(CTX)).isEmpty();
    }

    @Test
    void labelsOfASandboxAreRoots() {
        Digest digest = metadata.blob(CTX, "blob", Map.of());
        metadata.sandboxes.create(
                CTX,
                new Sandbox(
                        "s",
                        Map.of(REF + "content", digest.toString()),
                        new Container.Runtime("r", null),
                        null,
                        "",
                        Map.of(),
                        Instant.EPOCH,
                        Instant.EPOCH));

        collect();
        assertThat(blobs(CTX)).containsExactly(digest);
        metadata.sandboxes.delete(CTX, "s");
        collect();
        assertThat(blobs(CTX)).isEmpty();
    }

    @Test
    void labelsThatChangeChangeWhatIsKept() {
        Digest one = metadata.blob(CTX, "one", Map.of());
        Digest two = metadata.blob(CTX, "two", Map.of());
        Digest root =
                metadata.blob(CTX, "root", Map.of("containerd.io/gc.root", "x", REF + "content.0", one.toString()));
        metadata.content.update(
                CTX,
                new ContentInfo(root, 0, Instant.EPOCH, Instant.EPOCH, Map.of(REF + "content.0", two.toString())),
                List.of("labels." + REF + "content.0"));

        collect();
        assertThat(blobs(CTX)).containsExactlyInAnyOrder(two, root);
    }

    @Test
    void anIngestEndsAfterADay() {
        metadata.content.writer(CTX, "young", 0, null).close();
        collect();
        metadata.clock.advance(Duration.ofHours(23));
        collect();
        assertThat(metadata.content.statuses(CTX, List.of())).hasSize(1);

        metadata.clock.advance(Duration.ofHours(2));
        collect();
        assertThat(metadata.content.statuses(CTX, List.of())).isEmpty();
        assertThat(metadata.blobs.statuses()).isEmpty();
    }

    @Test
    void whatAnEarlierDaemonLeftOnDiskGoesWithTheFirstRun() {
        byte[] bytes = {1, 2, 3};
        try (ContentWriter writer = metadata.blobs.writer("testing/99/half", 0, null)) {
            writer.write(ByteBuffer.wrap(bytes));
        }
        try (ContentWriter writer = metadata.blobs.writer("testing/98/whole", 0, null)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit(3, null, Map.of());
        }

        collect();

        assertThat(onDisk()).isEmpty();
        assertThat(metadata.blobs.statuses()).isEmpty();
        assertThat(cleanups.count).hasValue(1);
    }

    @Test
    void aSnapshotterIsCleanedUpOnlyAfterItLostSomething() {
        collect();
        assertThat(cleanups.count).hasValue(1);
        collect();
        assertThat(cleanups.count).hasValue(1);
        active("s", "", Map.of());
        collect();
        assertThat(cleanups.count).hasValue(2);
        active("s", "", Map.of("containerd.io/gc.root", "x"));
        metadata.snapshots.remove(CTX, "s");
        collect();
        assertThat(cleanups.count).hasValue(3);
    }

    @Test
    void aBlobThatIsBeingCommittedIsNotCollected() throws Exception {
        for (int round = 0; round < 20; round++) {
            metadata.leases.create(CTX, "l" + round, Map.of());
            Context leased = CTX.withLease("l" + round);
            String text = "same bytes";
            Thread writer = Thread.ofVirtual().start(() -> metadata.blob(leased, text, Map.of()));
            collect();
            writer.join();
            Digest digest = Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
            assertThat(metadata.content.read(leased, descriptor(digest, text.length()), 100))
                    .hasSize(text.length());
            metadata.leases.delete(CTX, "l" + round);
            metadata.content.delete(CTX, digest);
        }
    }

    @Test
    void aDeletionStartsARunByItself() throws Exception {
        collector.close();
        collector = collector(new GcSettings(0.5, 0, 0, Duration.ZERO, Duration.ZERO));
        Digest digest = metadata.blob(CTX, "blob", Map.of());
        metadata.images.create(CTX, MetadataFixture.image("i", digest, Map.of()));

        metadata.images.delete(CTX, "i", Optional.empty());

        for (int i = 0; i < 3000 && !onDisk().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void theViewOfTheFileSaysWhatIsLive() {
        Tree tree = tree(CTX);
        metadata.blob(CTX, "stray", Map.of());

        List<String> live = metadata.database.read(session -> session.list(
                "SELECT key FROM live WHERE ns = 'testing' AND type = 'content' ORDER BY key",
                row -> row.getString(1)));

        assertThat(live)
                .containsExactlyInAnyOrder(
                        tree.manifest().toString(),
                        tree.config().toString(),
                        tree.layer().toString());
    }

    @Test
    void aCollectorThatDoesNotRunSaysSo() {
        collector.close();
        assertFails(ErrorKind.UNAVAILABLE, "not running", collector::collect);
    }

    /** The content and snapshots of an image. */
    private record Tree(Digest manifest, Digest config, Digest layer) {}

    private Tree tree(Context ctx) {
        Digest layer = metadata.blob(ctx, "layer", Map.of());
        layer("lower", "", Map.of());
        layer("upper", "lower", Map.of());
        Digest config = metadata.blob(ctx, "config", Map.of(REF + "snapshot.overlayfs", "upper"));
        Digest manifest = metadata.blob(
                ctx,
                "manifest",
                Map.of(REF + "content.config", config.toString(), REF + "content.l.0", layer.toString()));
        metadata.images.create(ctx, MetadataFixture.image("image", manifest, Map.of()));
        return new Tree(manifest, config, layer);
    }

    private SqliteGarbageCollector collector(GcSettings settings) {
        var made = new SqliteGarbageCollector(
                metadata.database,
                metadata.content,
                () -> Map.of("overlayfs", cleanups),
                metadata.events,
                metadata.clock,
                settings);
        made.start();
        return made;
    }

    private int collect() {
        GarbageCollector.Result result = collector.collect();
        assertThat(result.took()).isPositive();
        return result.removed();
    }

    private SnapshotIndex.Snapshot active(String key, String parent, Map<String, String> labels) {
        return metadata.snapshots.create(CTX, metadata.snapshots.reserveId(), Kind.ACTIVE, key, parent, labels);
    }

    private void layer(String name, String parent, Map<String, String> labels) {
        active(name + "-active", parent, Map.of());
        metadata.snapshots.commit(CTX, name, name + "-active", "", Usage.NONE, labels);
    }

    private static Map<String, String> expired() {
        return Map.of(GcLabels.EXPIRE, "2020-01-01T00:00:00Z");
    }

    private static Descriptor descriptor(Digest digest, int size) {
        return new Descriptor("type", digest, size);
    }

    private List<Digest> blobs(Context ctx) {
        List<Digest> found = new ArrayList<>();
        metadata.content.walk(ctx, List.of(), info -> found.add(info.digest()));
        return found;
    }

    private List<Digest> onDisk() {
        List<Digest> found = new ArrayList<>();
        metadata.blobs.walk(found::add);
        return found;
    }

    private List<String> snapshots(Context ctx) {
        List<String> found = new ArrayList<>();
        metadata.snapshots.walk(ctx, List.of(), info -> found.add(info.name()));
        return found;
    }

    private long edges() {
        return metadata.database.read(session -> session.number("SELECT count(*) FROM edges"));
    }

    /** A snapshotter without directories, that counts how often it is asked to clean up. */
    private static final class CleanupCounter implements Snapshotter {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void cleanup(Context ctx) {
            count.incrementAndGet();
        }

        @Override
        public SnapshotInfo stat(Context ctx, String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Usage usage(Context ctx, String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Mount> mounts(Context ctx, String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void commit(Context ctx, String name, String key, String parent, Map<String, String> labels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(Context ctx, String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
            throw new UnsupportedOperationException();
        }
    }
}
