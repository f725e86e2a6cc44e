package dev.wharf.wire;

import dev.wharf.core.namespaces.Namespace;

/** Namespaces as messages. */
public final class NamespaceMessages {
    private NamespaceMessages() {}

    /** The namespace as a message. */
    public static dev.wharf.api.services.namespaces.v1.Namespace toProto(Namespace namespace) {
        return dev.wharf.api.services.namespaces.v1.Namespace.newBuilder()
                .setName(namespace.name())
                .putAllLabels(namespace.labels())
                .build();
    }

    /** The message as a namespace; {@code INVALID_ARGUMENT} for a bad name or label. */
    public static Namespace fromProto(dev.wharf.api.services.namespaces.v1.Namespace message) {
        return new Namespace(message.getName(), message.getLabelsMap());
    }
}
