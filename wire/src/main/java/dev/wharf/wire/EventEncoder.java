package dev.wharf.wire;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.wharf.api.events.ContainerCreate;
import dev.wharf.api.events.ContainerDelete;
import dev.wharf.api.events.ContainerUpdate;
import dev.wharf.api.events.ContentCreate;
import dev.wharf.api.events.ContentDelete;
import dev.wharf.api.events.NamespaceCreate;
import dev.wharf.api.events.NamespaceDelete;
import dev.wharf.api.events.NamespaceUpdate;
import dev.wharf.api.events.SandboxCreate;
import dev.wharf.api.events.SandboxExit;
import dev.wharf.api.events.SandboxStart;
import dev.wharf.api.events.SnapshotCommit;
import dev.wharf.api.events.SnapshotPrepare;
import dev.wharf.api.events.SnapshotRemove;
import dev.wharf.api.events.TaskCheckpointed;
import dev.wharf.api.events.TaskCreate;
import dev.wharf.api.events.TaskDelete;
import dev.wharf.api.events.TaskExecAdded;
import dev.wharf.api.events.TaskExecStarted;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.events.TaskIO;
import dev.wharf.api.events.TaskOOM;
import dev.wharf.api.events.TaskPaused;
import dev.wharf.api.events.TaskResumed;
import dev.wharf.api.events.TaskStart;
import dev.wharf.api.services.images.v1.ImageCreate;
import dev.wharf.api.services.images.v1.ImageDelete;
import dev.wharf.api.services.images.v1.ImageUpdate;
import dev.wharf.core.events.Event;

/** Makes messages of events. */
final class EventEncoder {
    private EventEncoder() {}

    static Any encode(Event event) {
        return switch (event) {
            case Event.Foreign e -> AnyMessages.toProto(e.value());
            case Event.ContainerCreated e -> any(containerCreated(e));
            case Event.ContainerUpdated e ->
                any(ContainerUpdate.newBuilder()
                        .setId(e.id())
                        .setImage(e.image())
                        .putAllLabels(e.labels())
                        .setSnapshotKey(e.snapshotKey())
                        .build());
            case Event.ContainerDeleted e ->
                any(ContainerDelete.newBuilder().setId(e.id()).build());
            case Event.ContentCreated e ->
                any(ContentCreate.newBuilder()
                        .setDigest(e.digest())
                        .setSize(e.size())
                        .build());
            case Event.ContentDeleted e ->
                any(ContentDelete.newBuilder().setDigest(e.digest()).build());
            case Event.ImageCreated e ->
                any(ImageCreate.newBuilder()
                        .setName(e.name())
                        .putAllLabels(e.labels())
                        .build());
            case Event.ImageUpdated e ->
                any(ImageUpdate.newBuilder()
                        .setName(e.name())
                        .putAllLabels(e.labels())
                        .build());
            case Event.ImageDeleted e ->
                any(ImageDelete.newBuilder().setName(e.name()).build());
            case Event.NamespaceCreated e ->
                any(NamespaceCreate.newBuilder()
                        .setName(e.name())
                        .putAllLabels(e.labels())
                        .build());
            case Event.NamespaceUpdated e ->
                any(NamespaceUpdate.newBuilder()
                        .setName(e.name())
                        .putAllLabels(e.labels())
                        .build());
            case Event.NamespaceDeleted e ->
                any(NamespaceDelete.newBuilder().setName(e.name()).build());
            case Event.SnapshotPrepared e ->
                any(SnapshotPrepare.newBuilder()
                        .setKey(e.key())
                        .setParent(e.parent())
                        .setSnapshotter(e.snapshotter())
                        .build());
            case Event.SnapshotCommitted e ->
                any(SnapshotCommit.newBuilder()
                        .setKey(e.key())
                        .setName(e.name())
                        .setSnapshotter(e.snapshotter())
                        .build());
            case Event.SnapshotRemoved e ->
                any(SnapshotRemove.newBuilder()
                        .setKey(e.key())
                        .setSnapshotter(e.snapshotter())
                        .build());
            case Event.SandboxCreated e ->
                any(SandboxCreate.newBuilder().setSandboxId(e.sandboxId()).build());
            case Event.SandboxStarted e ->
                any(SandboxStart.newBuilder().setSandboxId(e.sandboxId()).build());
            case Event.SandboxExited e ->
                any(SandboxExit.newBuilder()
                        .setSandboxId(e.sandboxId())
                        .setExitStatus(e.exitStatus())
                        .setExitedAt(Times.toProtoOrZero(e.exitedAt()))
                        .build());
            case Event.TaskCreated e -> any(taskCreated(e));
            case Event.TaskStarted e ->
                any(TaskStart.newBuilder()
                        .setContainerId(e.containerId())
                        .setPid(e.pid())
                        .build());
            case Event.TaskExited e ->
                any(TaskExit.newBuilder()
                        .setContainerId(e.containerId())
                        .setId(e.id())
                        .setPid(e.pid())
                        .setExitStatus(e.exitStatus())
                        .setExitedAt(Times.toProtoOrZero(e.exitedAt()))
                        .build());
            case Event.TaskDeleted e ->
                any(TaskDelete.newBuilder()
                        .setContainerId(e.containerId())
                        .setPid(e.pid())
                        .setExitStatus(e.exitStatus())
                        .setExitedAt(Times.toProtoOrZero(e.exitedAt()))
                        .setId(e.id())
                        .build());
            case Event.TaskOom e ->
                any(TaskOOM.newBuilder().setContainerId(e.containerId()).build());
            case Event.TaskExecAdded e ->
                any(TaskExecAdded.newBuilder()
                        .setContainerId(e.containerId())
                        .setExecId(e.execId())
                        .build());
            case Event.TaskExecStarted e ->
                any(TaskExecStarted.newBuilder()
                        .setContainerId(e.containerId())
                        .setExecId(e.execId())
                        .setPid(e.pid())
                        .build());
            case Event.TaskPaused e ->
                any(TaskPaused.newBuilder().setContainerId(e.containerId()).build());
            case Event.TaskResumed e ->
                any(TaskResumed.newBuilder().setContainerId(e.containerId()).build());
            case Event.TaskCheckpointed e ->
                any(TaskCheckpointed.newBuilder()
                        .setContainerId(e.containerId())
                        .setCheckpoint(e.checkpoint())
                        .build());
        };
    }

    private static Any any(Message message) {
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }

    private static Message containerCreated(Event.ContainerCreated event) {
        var runtime =
                ContainerCreate.Runtime.newBuilder().setName(event.runtime().name());
        if (event.runtime().options() != null) {
            runtime.setOptions(AnyMessages.toProto(event.runtime().options()));
        }
        return ContainerCreate.newBuilder()
                .setId(event.id())
                .setImage(event.image())
                .setRuntime(runtime)
                .build();
    }

    private static Message taskCreated(Event.TaskCreated event) {
        return TaskCreate.newBuilder()
                .setContainerId(event.containerId())
                .setBundle(event.bundle())
                .addAllRootfs(MountMessages.toProto(event.rootfs()))
                .setIo(TaskIO.newBuilder()
                        .setStdin(event.io().stdin())
                        .setStdout(event.io().stdout())
                        .setStderr(event.io().stderr())
                        .setTerminal(event.io().terminal()))
                .setCheckpoint(event.checkpoint())
                .setPid(event.pid())
                .build();
    }
}
