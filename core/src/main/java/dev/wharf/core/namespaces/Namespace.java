package dev.wharf.core.namespaces;

import dev.wharf.core.names.Identifiers;
import dev.wharf.core.names.Labels;
import java.util.Map;

/**
 * A namespace and its labels.
 *
 * @param name an identifier
 * @param labels free labels; {@code containerd.io/defaults/*} set defaults for clients
 */
public record Namespace(String name, Map<String, String> labels) {
    public Namespace {
        Identifiers.check(name);
        labels = Map.copyOf(Labels.check(labels));
    }
}
