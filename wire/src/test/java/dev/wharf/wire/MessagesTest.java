package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.images.Image;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.sandbox.Sandbox;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every value survives the way over the wire and back. */
final class MessagesTest {
    private static final Instant MADE = Instant.parse("2026-02-03T04:05:06.000000007Z");
    private static final Instant CHANGED = MADE.plusSeconds(5);
    private static final Map<String, String> LABELS = Map.of("color", "blue");
    private static final Digest DIGEST = Digest.sha256(new byte[] {1});
    private static final TypedValue VALUE = new TypedValue("acme.Type", new byte[] {1, 2, 3});

    @Test
    void imagesComeBack() {
        Image image = new Image("name", LABELS, new Descriptor("type", DIGEST, 3, LABELS), MADE, CHANGED);

        assertThat(ImageMessages.fromProto(ImageMessages.toProto(image))).isEqualTo(image);
    }

    @Test
    void containersComeBack() {
        Container container = new Container(
                "id",
                LABELS,
                "image",
                new Container.Runtime("runc", VALUE),
                VALUE,
                "overlayfs",
                "key",
                "sandbox",
                Map.of("x", VALUE),
                MADE,
                CHANGED);
        Container bare = new Container(
                "id", Map.of(), "", new Container.Runtime("runc", null), null, "", "", "", Map.of(), MADE, CHANGED);

        assertThat(ContainerMessages.fromProto(ContainerMessages.toProto(container)))
                .isEqualTo(container);
        assertThat(ContainerMessages.fromProto(ContainerMessages.toProto(bare))).isEqualTo(bare);
    }

    @Test
    void sandboxesComeBack() {
        Sandbox sandbox = new Sandbox(
                "id", LABELS, new Container.Runtime("runc", VALUE), VALUE, "shim", Map.of("x", VALUE), MADE, CHANGED);

        assertThat(SandboxMessages.fromProto(SandboxMessages.toProto(sandbox))).isEqualTo(sandbox);
    }

    @Test
    void blobsAndIngestsComeBack() {
        ContentInfo info = new ContentInfo(DIGEST, 3, MADE, CHANGED, LABELS);
        IngestStatus known = new IngestStatus("ref", 1, 2, DIGEST, MADE, CHANGED);
        IngestStatus unknown = new IngestStatus("ref", 1, 0, null, MADE, CHANGED);

        assertThat(ContentMessages.fromProto(ContentMessages.toProto(info))).isEqualTo(info);
        assertThat(ContentMessages.fromProto(ContentMessages.toProto(known))).isEqualTo(known);
        assertThat(ContentMessages.fromProto(ContentMessages.toProto(unknown))).isEqualTo(unknown);
    }

    @Test
    void leasesComeBack() {
        Lease lease = new Lease("id", MADE, LABELS);
        LeaseResource resource = new LeaseResource("key", "snapshots/overlayfs");

        assertThat(LeaseMessages.fromProto(LeaseMessages.toProto(lease))).isEqualTo(lease);
        assertThat(LeaseMessages.fromProto(LeaseMessages.toProto(resource))).isEqualTo(resource);
    }

    @Test
    void namespacesComeBack() {
        Namespace namespace = new Namespace("name", LABELS);

        assertThat(NamespaceMessages.fromProto(NamespaceMessages.toProto(namespace)))
                .isEqualTo(namespace);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void snapshotsComeBack(Kind kind) {
        SnapshotInfo info = new SnapshotInfo("name", "parent", kind, LABELS, MADE, CHANGED);

        assertThat(SnapshotMessages.fromProto(SnapshotMessages.toProto(info))).isEqualTo(info);
    }

    @Test
    void mountsComeBack() {
        List<Mount> mounts = List.of(new Mount("overlay", "overlay", "/x", List.of("ro", "lowerdir=/a")));

        assertThat(MountMessages.fromProto(MountMessages.toProto(mounts))).isEqualTo(mounts);
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void processesComeBack(Status status) {
        ProcessState state =
                new ProcessState("c", "e", 7, status, new TaskIo("in", "out", "err", false), 9, Instant.EPOCH);

        assertThat(TaskMessages.fromProto("c", "e", TaskMessages.toProto(state)))
                .isEqualTo(state);
    }

    @Test
    void exitsComeBack() {
        Exit exit = new Exit(7, 137, MADE);

        assertThat(TaskMessages.fromProto(TaskMessages.toProto("e", exit))).isEqualTo(exit);
    }
}
