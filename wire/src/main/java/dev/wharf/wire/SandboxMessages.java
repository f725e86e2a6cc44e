package dev.wharf.wire;

import dev.wharf.core.containers.Container;
import dev.wharf.core.sandbox.Sandbox;

/** Sandboxes as messages. */
public final class SandboxMessages {
    private SandboxMessages() {}

    /** The sandbox as a message. */
    public static dev.wharf.api.types.Sandbox toProto(Sandbox sandbox) {
        var message = dev.wharf.api.types.Sandbox.newBuilder()
                .setSandboxId(sandbox.id())
                .setRuntime(toProto(sandbox.runtime()))
                .putAllLabels(sandbox.labels())
                .setCreatedAt(Times.toProto(sandbox.createdAt()))
                .setUpdatedAt(Times.toProto(sandbox.updatedAt()))
                .putAllExtensions(AnyMessages.toProto(sandbox.extensions()))
                .setSandboxer(sandbox.sandboxer());
        if (sandbox.spec() != null) {
            message.setSpec(AnyMessages.toProto(sandbox.spec()));
        }
        return message.build();
    }

    /** The message as a sandbox. */
    public static Sandbox fromProto(dev.wharf.api.types.Sandbox message) {
        return new Sandbox(
                message.getSandboxId(),
                message.getLabelsMap(),
                fromProto(message.getRuntime()),
                AnyMessages.fromProto(message.hasSpec(), message.getSpec()),
                message.getSandboxer(),
                AnyMessages.fromProto(message.getExtensionsMap()),
                Times.fromProto(message.getCreatedAt()),
                Times.fromProto(message.getUpdatedAt()));
    }

    private static dev.wharf.api.types.Sandbox.Runtime toProto(Container.Runtime runtime) {
        var message = dev.wharf.api.types.Sandbox.Runtime.newBuilder().setName(runtime.name());
        if (runtime.options() != null) {
            message.setOptions(AnyMessages.toProto(runtime.options()));
        }
        return message.build();
    }

    private static Container.Runtime fromProto(dev.wharf.api.types.Sandbox.Runtime message) {
        return new Container.Runtime(
                message.getName(), AnyMessages.fromProto(message.hasOptions(), message.getOptions()));
    }
}
