package dev.wharf.wire;

import dev.wharf.api.services.snapshots.v1.Info;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;

/** Snapshots as messages. */
public final class SnapshotMessages {
    private SnapshotMessages() {}

    /** What is known of a snapshot as a message. */
    public static Info toProto(SnapshotInfo info) {
        return Info.newBuilder()
                .setName(info.name())
                .setParent(info.parent())
                .setKind(toProto(info.kind()))
                .setCreatedAt(Times.toProto(info.createdAt()))
                .setUpdatedAt(Times.toProto(info.updatedAt()))
                .putAllLabels(info.labels())
                .build();
    }

    /** The message as what is known of a snapshot. */
    public static SnapshotInfo fromProto(Info message) {
        return new SnapshotInfo(
                message.getName(),
                message.getParent(),
                fromProto(message.getKind()),
                message.getLabelsMap(),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()));
    }

    private static dev.wharf.api.services.snapshots.v1.Kind toProto(Kind kind) {
        return switch (kind) {
            case VIEW -> dev.wharf.api.services.snapshots.v1.Kind.VIEW;
            case ACTIVE -> dev.wharf.api.services.snapshots.v1.Kind.ACTIVE;
            case COMMITTED -> dev.wharf.api.services.snapshots.v1.Kind.COMMITTED;
        };
    }

    /** An update is all that brings a kind in, and it cannot change it: a client that leaves it out may. */
    private static Kind fromProto(dev.wharf.api.services.snapshots.v1.Kind kind) {
        return switch (kind) {
            case VIEW -> Kind.VIEW;
            case COMMITTED -> Kind.COMMITTED;
            case ACTIVE, UNKNOWN, UNRECOGNIZED -> Kind.ACTIVE;
        };
    }
}
