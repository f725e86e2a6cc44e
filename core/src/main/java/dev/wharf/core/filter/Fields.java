package dev.wharf.core.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Anything a filter can be matched against: it answers with the text of a field by its path. */
@FunctionalInterface
public interface Fields {
    /** The field at {@code path} (never empty), if it is present; an empty text counts as absent by custom. */
    Optional<String> field(List<String> path);

    /** A field without parts below it; absent when empty. */
    static Optional<String> leaf(List<String> path, String value) {
        return path.size() == 1 && !value.isEmpty() ? Optional.of(value) : Optional.empty();
    }

    /** A field of a map, whose key is the rest of the path joined by dots. */
    static Optional<String> key(List<String> path, Map<String, String> map) {
        return Optional.ofNullable(map.get(String.join(".", path.subList(1, path.size()))));
    }
}
