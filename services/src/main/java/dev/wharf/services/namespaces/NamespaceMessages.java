package dev.wharf.services.namespaces;

import dev.wharf.core.namespaces.Namespace;

/** Namespaces as messages. */
final class NamespaceMessages {
    private NamespaceMessages() {}

    static dev.wharf.api.services.namespaces.v1.Namespace toProto(Namespace namespace) {
        return dev.wharf.api.services.namespaces.v1.Namespace.newBuilder()
                .setName(namespace.name())
                .putAllLabels(namespace.labels())
                .build();
    }

    static Namespace fromProto(dev.wharf.api.services.namespaces.v1.Namespace message) {
        return new Namespace(message.getName(), message.getLabelsMap());
    }
}
