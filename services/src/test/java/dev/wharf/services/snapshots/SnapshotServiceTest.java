package dev.wharf.services.snapshots;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.snapshots.v1.CleanupRequest;
import dev.wharf.api.services.snapshots.v1.CommitSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.Info;
import dev.wharf.api.services.snapshots.v1.Kind;
import dev.wharf.api.services.snapshots.v1.ListSnapshotsRequest;
import dev.wharf.api.services.snapshots.v1.ListSnapshotsResponse;
import dev.wharf.api.services.snapshots.v1.MountsRequest;
import dev.wharf.api.services.snapshots.v1.PrepareSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.RemoveSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.SnapshotsGrpc;
import dev.wharf.api.services.snapshots.v1.SnapshotsGrpc.SnapshotsBlockingStub;
import dev.wharf.api.services.snapshots.v1.StatSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.UpdateSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.UsageRequest;
import dev.wharf.api.services.snapshots.v1.ViewSnapshotRequest;
import dev.wharf.api.types.Mount;
import dev.wharf.services.testing.FakeSnapshotter;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotServiceTest {
    private TestServer server;
    private SnapshotsBlockingStub snapshots;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        snapshots = server.stub(SnapshotsGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final String NAME = "overlayfs";

    private List<Mount> prepare(String key) {
        return snapshots
                .prepare(PrepareSnapshotRequest.newBuilder()
                        .setSnapshotter(NAME)
                        .setKey(key)
                        .setParent("parent")
                        .putLabels("l", "1")
                        .build())
                .getMountsList();
    }

    private Info stat(String key) {
        return snapshots
                .stat(StatSnapshotRequest.newBuilder()
                        .setSnapshotter(NAME)
                        .setKey(key)
                        .build())
                .getInfo();
    }

    private static Mount mount(String key, String option) {
        return Mount.newBuilder()
                .setType("bind")
                .setSource("/snapshots/" + key)
                .setTarget("/t")
                .addOptions("rbind")
                .addOptions(option)
                .build();
    }

    @Test
    void prepareAnswersTheMounts() {
        assertThat(prepare("a")).containsExactly(mount("a", "rw"));

        Info info = stat("a");
        assertThat(info.getName()).isEqualTo("a");
        assertThat(info.getParent()).isEqualTo("parent");
        assertThat(info.getKind()).isEqualTo(Kind.ACTIVE);
        assertThat(info.getLabelsMap()).isEqualTo(Map.of("l", "1"));
        assertThat(info.getCreatedAt().getSeconds()).isEqualTo(FakeSnapshotter.MADE.getEpochSecond());
    }

    @Test
    void viewIsReadOnly() {
        var mounts = snapshots
                .view(ViewSnapshotRequest.newBuilder()
                        .setSnapshotter(NAME)
                        .setKey("v")
                        .build())
                .getMountsList();

        assertThat(mounts).containsExactly(mount("v", "ro"));
        assertThat(stat("v").getKind()).isEqualTo(Kind.VIEW);
    }

    @Test
    void mountsAreThoseOfPrepare() {
        prepare("a");

        assertThat(snapshots
                        .mounts(MountsRequest.newBuilder()
                                .setSnapshotter(NAME)
                                .setKey("a")
                                .build())
                        .getMountsList())
                .containsExactly(mount("a", "rw"));
    }

    @Test
    void commitMayNameAParent() {
        prepare("a");

        snapshots.commit(CommitSnapshotRequest.newBuilder()
                .setSnapshotter(NAME)
                .setKey("a")
                .setName("done")
                .setParent("base")
                .putLabels("c", "2")
                .build());

        Info info = stat("done");
        assertThat(info.getKind()).isEqualTo(Kind.COMMITTED);
        assertThat(info.getParent()).isEqualTo("base");
        assertThat(info.getLabelsMap()).isEqualTo(Map.of("c", "2"));
    }

    @Test
    void removedSnapshotIsGone() {
        prepare("a");
        RemoveSnapshotRequest request = RemoveSnapshotRequest.newBuilder()
                .setSnapshotter(NAME)
                .setKey("a")
                .build();

        snapshots.remove(request);

        refused(Status.Code.NOT_FOUND, "snapshot a: not found", () -> snapshots.remove(request));
    }

    @Test
    void updatePassesTheMaskOn() {
        prepare("a");

        Info updated = snapshots
                .update(UpdateSnapshotRequest.newBuilder()
                        .setSnapshotter(NAME)
                        .setInfo(Info.newBuilder().setName("a").putLabels("k", "v"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("labels.k"))
                        .build())
                .getInfo();

        assertThat(server.snapshotter.lastPaths).containsExactly("labels.k");
        assertThat(updated.getLabelsMap()).isEqualTo(Map.of("k", "v"));
        assertThat(updated.getKind()).isEqualTo(Kind.ACTIVE);
    }

    @Test
    void listComesInMessagesOfAHundred() {
        for (int i = 0; i < 201; i++) {
            prepare("k" + i);
        }

        List<Integer> sizes = new ArrayList<>();
        snapshots
                .list(ListSnapshotsRequest.newBuilder().setSnapshotter(NAME).build())
                .forEachRemaining((ListSnapshotsResponse message) -> sizes.add(message.getInfoCount()));

        assertThat(sizes).containsExactly(100, 100, 1);
    }

    @Test
    void listKeepsToTheFilters() {
        prepare("a");
        prepare("b");

        var found = snapshots.list(ListSnapshotsRequest.newBuilder()
                .setSnapshotter(NAME)
                .addFilters("name==b")
                .build());

        assertThat(found.next().getInfoList()).extracting(Info::getName).containsExactly("b");
    }

    @Test
    void usageTellsBytesAndInodes() {
        prepare("a");

        var usage = snapshots.usage(
                UsageRequest.newBuilder().setSnapshotter(NAME).setKey("a").build());

        assertThat(usage.getSize()).isEqualTo(4096);
        assertThat(usage.getInodes()).isEqualTo(3);
    }

    @Test
    void cleanupIsPassedOn() {
        snapshots.cleanup(CleanupRequest.newBuilder().setSnapshotter(NAME).build());

        assertThat(server.snapshotter.cleanups).hasValue(1);
    }

    @Test
    void snapshotterMustBeNamed() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "snapshotter argument missing: invalid argument",
                () -> snapshots.stat(StatSnapshotRequest.getDefaultInstance()));
    }

    @Test
    void snapshotterMustBeLoaded() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "snapshotter not loaded: zfs: invalid argument",
                () -> snapshots.cleanup(
                        CleanupRequest.newBuilder().setSnapshotter("zfs").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "snapshotter not loaded: zfs: invalid argument",
                () -> snapshots
                        .list(ListSnapshotsRequest.newBuilder()
                                .setSnapshotter("zfs")
                                .build())
                        .hasNext());
    }
}
