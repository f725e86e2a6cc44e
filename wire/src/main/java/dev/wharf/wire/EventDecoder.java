package dev.wharf.wire;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
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
import dev.wharf.api.events.TaskOOM;
import dev.wharf.api.events.TaskPaused;
import dev.wharf.api.events.TaskResumed;
import dev.wharf.api.events.TaskStart;
import dev.wharf.api.services.images.v1.ImageCreate;
import dev.wharf.api.services.images.v1.ImageDelete;
import dev.wharf.api.services.images.v1.ImageUpdate;
import dev.wharf.core.containers.Container;
import dev.wharf.core.events.Event;
import dev.wharf.core.runtime.TaskIo;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes events of messages. */
final class EventDecoder {
    /** The messages that are known, by the full names of their types. */
    static final Map<String, Message> KNOWN = Stream.<Message>of(
                    ContainerCreate.getDefaultInstance(),
                    ContainerUpdate.getDefaultInstance(),
                    ContainerDelete.getDefaultInstance(),
                    ContentCreate.getDefaultInstance(),
                    ContentDelete.getDefaultInstance(),
                    ImageCreate.getDefaultInstance(),
                    ImageUpdate.getDefaultInstance(),
                    ImageDelete.getDefaultInstance(),
                    NamespaceCreate.getDefaultInstance(),
                    NamespaceUpdate.getDefaultInstance(),
                    NamespaceDelete.getDefaultInstance(),
                    SnapshotPrepare.getDefaultInstance(),
                    SnapshotCommit.getDefaultInstance(),
                    SnapshotRemove.getDefaultInstance(),
                    SandboxCreate.getDefaultInstance(),
                    SandboxStart.getDefaultInstance(),
                    SandboxExit.getDefaultInstance(),
                    TaskCreate.getDefaultInstance(),
                    TaskStart.getDefaultInstance(),
                    TaskExit.getDefaultInstance(),
                    TaskDelete.getDefaultInstance(),
                    TaskOOM.getDefaultInstance(),
                    TaskExecAdded.getDefaultInstance(),
                    TaskExecStarted.getDefaultInstance(),
                    TaskPaused.getDefaultInstance(),
                    TaskResumed.getDefaultInstance(),
                    TaskCheckpointed.getDefaultInstance())
            .collect(Collectors.toUnmodifiableMap(
                    message -> message.getDescriptorForType().getFullName(), Function.identity()));

    private EventDecoder() {}

    static Event decode(Any any) {
        Message known = KNOWN.get(AnyMessages.typeName(any.getTypeUrl()));
        if (known == null) {
            return foreign(any);
        }
        try {
            return decode(known.getParserForType().parseFrom(any.getValue()), any);
        } catch (InvalidProtocolBufferException e) {
            // What cannot be read is passed on as it came: its receiver may know better.
            return foreign(any);
        }
    }

    private static Event foreign(Any any) {
        return new Event.Foreign(AnyMessages.fromProto(any));
    }

    private static Event decode(Message message, Any any) {
        return switch (message) {
            case ContainerCreate m -> containerCreated(m);
            case ContainerUpdate m ->
                new Event.ContainerUpdated(m.getId(), m.getImage(), m.getLabelsMap(), m.getSnapshotKey());
            case ContainerDelete m -> new Event.ContainerDeleted(m.getId());
            case ContentCreate m -> new Event.ContentCreated(m.getDigest(), m.getSize());
            case ContentDelete m -> new Event.ContentDeleted(m.getDigest());
            case ImageCreate m -> new Event.ImageCreated(m.getName(), m.getLabelsMap());
            case ImageUpdate m -> new Event.ImageUpdated(m.getName(), m.getLabelsMap());
            case ImageDelete m -> new Event.ImageDeleted(m.getName());
            case NamespaceCreate m -> new Event.NamespaceCreated(m.getName(), m.getLabelsMap());
            case NamespaceUpdate m -> new Event.NamespaceUpdated(m.getName(), m.getLabelsMap());
            case NamespaceDelete m -> new Event.NamespaceDeleted(m.getName());
            case SnapshotPrepare m -> new Event.SnapshotPrepared(m.getKey(), m.getParent(), m.getSnapshotter());
            case SnapshotCommit m -> new Event.SnapshotCommitted(m.getKey(), m.getName(), m.getSnapshotter());
            case SnapshotRemove m -> new Event.SnapshotRemoved(m.getKey(), m.getSnapshotter());
            case SandboxCreate m -> new Event.SandboxCreated(m.getSandboxId());
            case SandboxStart m -> new Event.SandboxStarted(m.getSandboxId());
            case SandboxExit m ->
                new Event.SandboxExited(m.getSandboxId(), m.getExitStatus(), Times.fromProto(m.getExitedAt()));
            case TaskCreate m -> taskCreated(m);
            case TaskStart m -> new Event.TaskStarted(m.getContainerId(), m.getPid());
            case TaskExit m ->
                new Event.TaskExited(
                        m.getContainerId(), m.getId(), m.getPid(), m.getExitStatus(), Times.fromProto(m.getExitedAt()));
            case TaskDelete m ->
                new Event.TaskDeleted(
                        m.getContainerId(), m.getPid(), m.getExitStatus(), Times.fromProto(m.getExitedAt()), m.getId());
            case TaskOOM m -> new Event.TaskOom(m.getContainerId());
            case TaskExecAdded m -> new Event.TaskExecAdded(m.getContainerId(), m.getExecId());
            case TaskExecStarted m -> new Event.TaskExecStarted(m.getContainerId(), m.getExecId(), m.getPid());
            case TaskPaused m -> new Event.TaskPaused(m.getContainerId());
            case TaskResumed m -> new Event.TaskResumed(m.getContainerId());
            case TaskCheckpointed m -> new Event.TaskCheckpointed(m.getContainerId(), m.getCheckpoint());
            default -> foreign(any);
        };
    }

    private static Event containerCreated(ContainerCreate message) {
        ContainerCreate.Runtime runtime = message.getRuntime();
        return new Event.ContainerCreated(
                message.getId(),
                message.getImage(),
                new Container.Runtime(
                        runtime.getName(), AnyMessages.fromProto(runtime.hasOptions(), runtime.getOptions())));
    }

    private static Event taskCreated(TaskCreate message) {
        return new Event.TaskCreated(
                message.getContainerId(),
                message.getBundle(),
                MountMessages.fromProto(message.getRootfsList()),
                new TaskIo(
                        message.getIo().getStdin(),
                        message.getIo().getStdout(),
                        message.getIo().getStderr(),
                        message.getIo().getTerminal()),
                message.getCheckpoint(),
                message.getPid());
    }
}
