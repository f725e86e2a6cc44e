package dev.wharf.shim.rpc;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which namespace a request is for that names none.
 *
 * @param having tells the namespaces that have a container with an id
 * @param only the namespace that all containers are of; empty where there are several
 */
record Namespaces(Function<String, Stream<String>> having, String only) {
    /** The namespace of the container with this id; empty where it is not the only one. */
    String of(String id) {
        if (!only.isEmpty()) {
            return only;
        }
        List<String> found = having.apply(id).toList();
        return found.size() == 1 ? found.getFirst() : "";
    }
}
