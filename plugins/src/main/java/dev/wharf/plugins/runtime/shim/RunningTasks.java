package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tasks of all namespaces by id, and the ids that are taken while a task is being made or removed. */
final class RunningTasks {
    private final Map<Key, Slot> slots = new ConcurrentHashMap<>();

    private record Key(String namespace, String id) {}

    private sealed interface Slot {
        /** Nobody sees it, and nobody else may use the id. */
        record Reserved() implements Slot {}

        /** In use. */
        record Visible(Shim shim) implements Slot {}
    }

    /** Takes an id; {@code ALREADY_EXISTS}. */
    void reserve(String namespace, String id) {
        if (slots.putIfAbsent(new Key(namespace, id), new Slot.Reserved()) != null) {
            throw ErrorKind.ALREADY_EXISTS.of("task " + id);
        }
    }

    /** Shows the shim under its reserved id. */
    void show(Shim shim) {
        slots.put(key(shim), new Slot.Visible(shim));
    }

    /** Hides the shim and keeps its id; false when it was not to be seen. */
    boolean hide(Shim shim) {
        return slots.replace(key(shim), new Slot.Visible(shim), new Slot.Reserved());
    }

    /** Gives an id back that nobody sees. */
    void release(String namespace, String id) {
        slots.remove(new Key(namespace, id), new Slot.Reserved());
    }

    /** The shim of a container, if it is to be seen. */
    Optional<Shim> find(String namespace, String id) {
        return slots.get(new Key(namespace, id)) instanceof Slot.Visible(Shim shim)
                ? Optional.of(shim)
                : Optional.empty();
    }

    /** The shim of a container; {@code NOT_FOUND}. */
    Shim get(String namespace, String id) {
        return find(namespace, id).orElseThrow(() -> ErrorKind.NOT_FOUND.of("task " + id));
    }

    /** Those of a namespace, by id. */
    List<Shim> of(String namespace) {
        return all().stream().filter(shim -> shim.namespace().equals(namespace)).toList();
    }

    /** All that are to be seen, by id. */
    List<Shim> all() {
        return slots.values().stream()
                .map(slot -> slot instanceof Slot.Visible(Shim shim) ? shim : null)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Shim::id))
                .toList();
    }

    /** Whether another container has its processes in the same shim. */
    boolean isShared(Shim shim) {
        return all().stream()
                .anyMatch(other -> other != shim && other.endpoint().equals(shim.endpoint()));
    }

    private static Key key(Shim shim) {
        return new Key(shim.namespace(), shim.id());
    }
}
