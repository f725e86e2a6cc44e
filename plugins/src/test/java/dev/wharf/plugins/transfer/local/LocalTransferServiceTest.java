package dev.wharf.plugins.transfer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.concurrent.TaskGroup;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.UnpackRequest;
import dev.wharf.core.transfer.archive.TarWriter;
import dev.wharf.core.transfer.image.TransferSettings;
import dev.wharf.core.unpack.UnpackTarget;
import dev.wharf.lib.registry.RegistryOptions;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.plugins.content.local.LocalContentStore;
import dev.wharf.plugins.diff.walking.WalkingApplier;
import dev.wharf.plugins.metadata.sqlite.SharingPolicy;
import dev.wharf.plugins.metadata.sqlite.SqliteContentStore;
import dev.wharf.plugins.metadata.sqlite.SqliteDatabase;
import dev.wharf.plugins.metadata.sqlite.SqliteImageStore;
import dev.wharf.plugins.metadata.sqlite.SqliteLeaseManager;
import dev.wharf.plugins.metadata.sqlite.SqliteSnapshotIndex;
import dev.wharf.plugins.snapshots.overlay.OverlayConfig;
import dev.wharf.plugins.snapshots.overlay.OverlaySnapshotter;
import dev.wharf.testkit.dirs.TempDirs;
import dev.wharf.testkit.events.RecordingEventBus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LocalTransferServiceTest {
    private static final Context CTX = Context.of("test");
    private static final Platform HOST = Platform.host();

    private final InstantSource clock = InstantSource.system();
    private final TempDirs dirs = TempDirs.create();
    private final RecordingEventBus events = new RecordingEventBus(clock);
    private final SqliteDatabase database = SqliteDatabase.open(dirs.root().resolve("metadata.db"));
    private final SqliteContentStore content = new SqliteContentStore(
            database,
            LocalContentStore.open(dirs.root().resolve("content"), clock),
            SharingPolicy.SHARED,
            events,
            clock);
    private final SqliteImageStore images = new SqliteImageStore(database, events, clock);
    private final SqliteLeaseManager leases = new SqliteLeaseManager(database, clock, new SecureRandom());
    private final OverlaySnapshotter overlay = OverlaySnapshotter.open(
            dirs.root().resolve("overlay"),
            new SqliteSnapshotIndex(database, "overlayfs", events, clock),
            OverlayConfig.DEFAULT);
    private final List<Progress> steps = new CopyOnWriteArrayList<>();
    private final CountingRegistry registry = newRegistry();
    private final LocalTransferService service = service(4);

    private static CountingRegistry newRegistry() {
        try {
            return new CountingRegistry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalTransferService service(int atOnce) {
        return service(overlay, atOnce);
    }

    private LocalTransferService service(Snapshotter snapshotter, int atOnce) {
        WalkingApplier applier =
                new WalkingApplier(content, TarBounds.DEFAULT, dirs.root().resolve("mounts"));
        return new LocalTransferService(
                content,
                images,
                leases,
                new OciRegistries(RegistryOptions.of("test/1"), ""),
                new TransferSettings(
                        3,
                        false,
                        "overlayfs",
                        List.of(new UnpackTarget("overlayfs", snapshotter, applier, atOnce)),
                        warning -> {}),
                clock,
                new Random(1));
    }

    @BeforeEach
    void putImage() throws IOException {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            layers.add(CountingRegistry.archive("file" + i, "text " + i));
        }
        registry.tag("five", MediaTypes.OCI_MANIFEST, registry.image(HOST.architecture(), layers));
    }

    @AfterEach
    void close() {
        registry.close();
        database.close();
        dirs.close();
    }

    private TransferEnd.Store store(String name) {
        return new TransferEnd.Store(
                name, Map.of(), List.of(HOST), false, 0, List.of(), List.of(new UnpackRequest(HOST, "")));
    }

    private void pull(Context ctx, String tag) {
        pull(service, ctx, tag);
    }

    private void pull(LocalTransferService by, Context ctx, String tag) {
        by.transfer(ctx, new TransferEnd.Registry(registry.name(tag), RegistryAccess.PLAIN), store(tag), steps::add);
    }

    private List<SnapshotInfo> snapshots(Context ctx) {
        List<SnapshotInfo> found = new ArrayList<>();
        overlay.walk(ctx, List.of(), found::add);
        return found;
    }

    @Test
    void pullBringsAnImageInUnpackedAndLeavesNoLease() {
        pull(CTX, "five");

        assertThat(images.list(CTX, List.of())).extracting(Image::name).containsExactly("five");
        assertThat(snapshots(CTX)).hasSize(5).allMatch(snapshot -> snapshot.kind() == Kind.COMMITTED);
        assertThat(snapshots(CTX).stream().filter(snapshot -> snapshot.parent().isEmpty()))
                .hasSize(1);
        assertThat(leases.list(CTX, List.of())).isEmpty();
        assertThat(steps)
                .extracting(Progress::event)
                .contains("waiting", "complete", "extracting", "extracted", "saved")
                .startsWith("Resolving from OCI Registry (" + registry.name("five") + ")")
                .endsWith("Completed pull from OCI Registry (" + registry.name("five") + ")");
    }

    @Test
    void twentyClientsThatPullTheSameAtOnceFetchEachBlobOnce() {
        try (TaskGroup clients = new TaskGroup("client")) {
            for (int i = 0; i < 20; i++) {
                Context ctx = Context.of("space" + i % 4);
                clients.start(() -> pull(ctx, "five"));
            }
            clients.join();
        }
        assertThat(registry.sent).hasSize(7);
        assertThat(registry.sent.values()).allSatisfy(count -> assertThat(count).hasValue(1));
        for (int i = 0; i < 4; i++) {
            assertThat(snapshots(Context.of("space" + i)))
                    .hasSize(5)
                    .allMatch(snapshot -> snapshot.kind() == Kind.COMMITTED);
        }
    }

    @Test
    void layersThatNeedThoseBelowAreUnpackedOneByOne() throws IOException {
        byte[] base = CountingRegistry.archive("base", "base");
        byte[] above = CountingRegistry.archiveWithoutDirectory("above");
        registry.tag(
                "implied", MediaTypes.OCI_MANIFEST, registry.image(HOST.architecture(), List.of(base, above, base)));

        pull(CTX, "implied");

        assertThat(snapshots(CTX)).hasSize(3).allMatch(snapshot -> snapshot.kind() == Kind.COMMITTED);
    }

    @Test
    void pullOfAnIndexTakesWhatIsForThePlatform() throws IOException {
        String mine = registry.put(
                MediaTypes.OCI_MANIFEST,
                registry.image(HOST.architecture(), List.of(CountingRegistry.archive("a", "mine")))
                        .getBytes(StandardCharsets.UTF_8));
        String other = registry.put(
                MediaTypes.OCI_MANIFEST,
                registry.image("riscv64", List.of(CountingRegistry.archive("a", "other")))
                        .getBytes(StandardCharsets.UTF_8));
        registry.tag("index", MediaTypes.OCI_INDEX, index(mine, HOST.architecture(), other));

        pull(CTX, "index");
        assertThat(registry.sent).hasSize(4);

        TransferEnd.Store metadata = new TransferEnd.Store(
                "all", Map.of(), List.of(HOST), true, 0, List.of(), List.of(new UnpackRequest(HOST, "")));
        service.transfer(
                CTX,
                new TransferEnd.Registry(registry.name("index"), RegistryAccess.PLAIN),
                metadata,
                Progress.Listener.NONE);
        assertThat(registry.sent).hasSize(6);
        assertThat(snapshots(CTX)).hasSize(1);
    }

    private static String index(String mine, String architecture, String other) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
                + withPlatform(other, "riscv64") + "," + withPlatform(mine, architecture) + "]}";
    }

    private static String withPlatform(String descriptor, String architecture) {
        return descriptor.substring(0, descriptor.length() - 1) + ",\"platform\":{\"os\":\"linux\",\"architecture\":\""
                + architecture + "\"}}";
    }

    @Test
    void aBlobThatIsSomethingElseFailsThePullAndALaterOneSucceeds() throws IOException {
        byte[] layer = CountingRegistry.archive("a", "a");
        String manifest = registry.image(HOST.architecture(), List.of(layer));
        registry.tag("bad", MediaTypes.OCI_MANIFEST, manifest);
        String digest = manifest.substring(manifest.lastIndexOf("sha256:"), manifest.lastIndexOf("sha256:") + 71);
        registry.spoil(digest);

        assertThatThrownBy(() -> pull(CTX, "bad"))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.DATA_LOSS))
                .hasMessageContaining(digest);
        assertThat(images.list(CTX, List.of())).isEmpty();
        assertThat(snapshots(CTX)).isEmpty();

        registry.spoil(digest);
        pull(CTX, "bad");
        assertThat(images.list(CTX, List.of())).hasSize(1);
    }

    @Test
    void aSnapshotOfWhichNobodyKnowsWhetherItWasMadeIsNotLeft() {
        LocalTransferService doubtful = service(new DoubtfulSnapshotter(overlay), 4);

        assertThatThrownBy(() -> pull(doubtful, CTX, "five"))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED))
                .hasMessageContaining("prepare a snapshot for layer");
        assertThat(snapshots(CTX)).isEmpty();
    }

    @Test
    void anInterruptEndsAPullAndLeavesNoImageAndNoSnapshot() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        registry.held = held;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread client = Thread.ofVirtual().start(() -> {
            try {
                pull(CTX, "five");
            } catch (WharfException e) {
                failure.set(e);
            }
        });
        while (registry.sent.size() < 4) {
            Thread.sleep(10);
        }
        client.interrupt();
        client.join();

        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
        assertThat(images.list(CTX, List.of())).isEmpty();
        assertThat(snapshots(CTX)).isEmpty();
        held.countDown();
    }

    @Test
    void whatWasExportedCanBeImported() throws IOException {
        pull(CTX, "five");
        String name = "imported/five:one";
        service.transfer(CTX, TransferEnd.Store.named("five"), TransferEnd.Store.named(name), Progress.Listener.NONE);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        service.transfer(
                CTX,
                TransferEnd.Store.named(name),
                new TransferEnd.ExportArchive(archive, List.of(), false, false, false),
                Progress.Listener.NONE);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(archive.toByteArray());
        }

        Context other = Context.of("other");
        importArchive(other, packed.toByteArray());

        assertThat(images.list(other, List.of())).extracting(Image::name).containsExactly(name);
        assertThat(snapshots(other)).hasSize(5);
        List<ContentInfo> blobs = new ArrayList<>();
        content.walk(other, List.of(), blobs::add);
        assertThat(blobs).hasSize(8);
    }

    private void importArchive(Context ctx, byte[] archive) {
        TransferEnd.Store to = new TransferEnd.Store(
                "",
                Map.of(),
                List.of(HOST),
                false,
                0,
                List.of(new ImageReference("imported/five", true, true, false, false)),
                List.of(new UnpackRequest(HOST, "overlayfs")));
        service.transfer(
                ctx,
                new TransferEnd.ImportArchive(new ByteArrayInputStream(archive), "", false),
                to,
                Progress.Listener.NONE);
    }

    @Test
    void importReadsWhatDockerSaves() throws IOException {
        byte[] layer = CountingRegistry.archive("a", "a");
        String config = "{\"os\":\"linux\",\"architecture\":\"" + HOST.architecture()
                + "\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.sha256(layer) + "\"]}}";
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(archive);
        tar.file("one/layer.tar", 0644, layer);
        tar.file("two/layer.tar", 0644, layer);
        tar.file("config.json", 0644, config.getBytes(StandardCharsets.UTF_8));
        String manifests = "[{\"Config\":\"config.json\",\"RepoTags\":[\"busy:1\"],\"Layers\":[\"two/layer.tar\"]}]";
        tar.file("manifest.json", 0644, manifests.getBytes(StandardCharsets.UTF_8));
        tar.end();

        importArchive(CTX, archive.toByteArray());

        assertThat(images.list(CTX, List.of())).extracting(Image::name).containsExactly("docker.io/library/busy:1");
        assertThat(snapshots(CTX)).hasSize(1);
    }

    @Test
    void importOfSomethingElseFails() {
        assertThatThrownBy(() -> importArchive(CTX, new byte[4096]))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT));
    }

    @Test
    void tagGivesAnotherName() {
        pull(CTX, "five");
        service.transfer(CTX, TransferEnd.Store.named("five"), TransferEnd.Store.named("six"), Progress.Listener.NONE);
        assertThat(images.get(CTX, "six").target())
                .isEqualTo(images.get(CTX, "five").target());
    }

    @Test
    void pushSendsChildrenBeforeParentsAndASecondOneNothing() throws IOException {
        pull(CTX, "five");
        try (PushedRegistry pushed = new PushedRegistry()) {
            steps.clear();
            push("five", pushed.name("one", "v1"));
            assertThat(pushed.requests).hasSize(7);
            assertThat(pushed.requests.getLast()).isEqualTo("manifest library/one v1");
            assertThat(pushed.requests.subList(0, 6)).allMatch(request -> request.startsWith("blob library/one "));
            assertThat(pushed.mostAtOnce()).isLessThanOrEqualTo(3);
            assertThat(steps)
                    .extracting(Progress::event)
                    .startsWith("Pushing to OCI Registry (" + pushed.name("one", "v1") + ")", "pushing content")
                    .contains("waiting", "uploading", "complete")
                    .endsWith("pushed content", "Completed push to OCI Registry (" + pushed.name("one", "v1") + ")");

            push("five", pushed.name("one", "v1"));
            assertThat(pushed.requests).hasSize(7);
            push("five", pushed.name("one", "v2"));
            assertThat(pushed.requests).hasSize(8).endsWith("manifest library/one v2");
            assertThat(leases.list(CTX, List.of())).isEmpty();
        }
    }

    @Test
    void pushHasBlobsMountedFromWhereTheyCameFrom() throws IOException {
        pull(CTX, "five");
        try (PushedRegistry pushed = new PushedRegistry()) {
            push("five", pushed.name("one", "v1"));
            service.transfer(
                    CTX,
                    new TransferEnd.Registry(pushed.name("one", "v1"), RegistryAccess.PLAIN),
                    store("again"),
                    Progress.Listener.NONE);
            pushed.requests.clear();
            push("again", pushed.name("two", "v1"));
            assertThat(pushed.requests).hasSize(7).endsWith("manifest library/two v1");
            assertThat(pushed.requests.subList(0, 6)).allMatch(request -> request.startsWith("mount library/two "));
        }
    }

    @Test
    void pushForAPlatformLeavesOutTheOthersWhichWithoutOneAreMissing() throws IOException {
        String mine = registry.put(
                MediaTypes.OCI_MANIFEST,
                registry.image(HOST.architecture(), List.of(CountingRegistry.archive("a", "mine")))
                        .getBytes(StandardCharsets.UTF_8));
        String other = registry.put(
                MediaTypes.OCI_MANIFEST,
                registry.image("riscv64", List.of(CountingRegistry.archive("a", "other")))
                        .getBytes(StandardCharsets.UTF_8));
        registry.tag("index", MediaTypes.OCI_INDEX, index(mine, HOST.architecture(), other));
        pull(CTX, "index");
        try (PushedRegistry pushed = new PushedRegistry()) {
            TransferEnd.Registry to = new TransferEnd.Registry(pushed.name("one", "v1"), RegistryAccess.PLAIN);
            assertThatThrownBy(() -> push("index", pushed.name("one", "v1")))
                    .isInstanceOfSatisfying(
                            WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
            assertThat(pushed.requests).isEmpty();

            service.transfer(CTX, store("index"), to, Progress.Listener.NONE);
            assertThat(pushed.requests).hasSize(4).endsWith("manifest library/one v1");
            assertThat(pushed.requests.get(2)).startsWith("manifest library/one sha256:");
        }
    }

    private void push(String image, String name) {
        service.transfer(
                CTX, TransferEnd.Store.named(image), new TransferEnd.Registry(name, RegistryAccess.PLAIN), steps::add);
    }

    @Test
    void aPairNobodyHandlesIsNotImplemented() {
        TransferEnd.Registry remote = new TransferEnd.Registry(registry.name("five"), RegistryAccess.PLAIN);
        assertThatThrownBy(() -> service.transfer(CTX, remote, remote, Progress.Listener.NONE))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_IMPLEMENTED));
    }
}
