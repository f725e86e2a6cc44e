package dev.wharf.wire;

import dev.wharf.core.containers.Container;

/** Containers as messages. */
public final class ContainerMessages {
    private ContainerMessages() {}

    /** The container as a message. */
    public static dev.wharf.api.services.containers.v1.Container toProto(Container container) {
        var message = dev.wharf.api.services.containers.v1.Container.newBuilder()
                .setId(container.id())
                .putAllLabels(container.labels())
                .setImage(container.image())
                .setRuntime(toProto(container.runtime()))
                .setSnapshotter(container.snapshotter())
                .setSnapshotKey(container.snapshotKey())
                .setCreatedAt(Times.toProto(container.createdAt()))
                .setUpdatedAt(Times.toProto(container.updatedAt()))
                .putAllExtensions(AnyMessages.toProto(container.extensions()))
                .setSandbox(container.sandbox());
        if (container.spec() != null) {
            message.setSpec(AnyMessages.toProto(container.spec()));
        }
        return message.build();
    }

    /** The message as a container. */
    public static Container fromProto(dev.wharf.api.services.containers.v1.Container message) {
        return new Container(
                message.getId(),
                message.getLabelsMap(),
                message.getImage(),
                fromProto(message.getRuntime()),
                AnyMessages.fromProto(message.hasSpec(), message.getSpec()),
                message.getSnapshotter(),
                message.getSnapshotKey(),
                message.getSandbox(),
                AnyMessages.fromProto(message.getExtensionsMap()),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()));
    }

    private static dev.wharf.api.services.containers.v1.Container.Runtime toProto(Container.Runtime runtime) {
        var message = dev.wharf.api.services.containers.v1.Container.Runtime.newBuilder()
                .setName(runtime.name());
        if (runtime.options() != null) {
            message.setOptions(AnyMessages.toProto(runtime.options()));
        }
        return message.build();
    }

    private static Container.Runtime fromProto(dev.wharf.api.services.containers.v1.Container.Runtime message) {
        return new Container.Runtime(
                message.getName(), AnyMessages.fromProto(message.hasOptions(), message.getOptions()));
    }
}
