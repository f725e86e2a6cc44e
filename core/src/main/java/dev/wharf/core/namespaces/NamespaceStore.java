package dev.wharf.core.namespaces;

import java.util.List;
import java.util.Map;

/** Keeps namespaces. A namespace also comes to be by itself when the first object is made in it. */
public interface NamespaceStore {
    /** All namespaces, sorted by name. */
    List<Namespace> list();

    /** The namespace; {@code NOT_FOUND} when there is none. */
    Namespace get(String name);

    /** Creates it; {@code ALREADY_EXISTS} when there is one. Publishes {@code /namespaces/create}. */
    void create(Namespace namespace);

    /**
     * Sets labels, and makes the namespace when there is none. Publishes {@code /namespaces/update}.
     *
     * @param paths {@code labels} replaces all; {@code labels.K} sets or (empty value) removes one; empty replaces all
     */
    Namespace update(Namespace namespace, List<String> paths);

    /**
     * Removes it; {@code NOT_FOUND}, or {@code FAILED_PRECONDITION} while images, blobs, containers or snapshots are
     * in it. Publishes {@code /namespaces/delete}.
     */
    void delete(String name);

    /** The labels of a namespace, empty when it does not exist. */
    Map<String, String> labels(String name);
}
