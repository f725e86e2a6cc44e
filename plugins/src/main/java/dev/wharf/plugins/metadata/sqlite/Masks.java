package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Field masks: which parts of an object an update changes. */
final class Masks {
    private Masks() {}

    /** The key of a path {@code field.key}, if it is one. */
    static Optional<String> key(String field, String path) {
        return path.startsWith(field + ".") ? Optional.of(path.substring(field.length() + 1)) : Optional.empty();
    }

    /** {@code current} with the entry for {@code key} as it is in {@code given}: set, or removed when it is missing. */
    static <V> Map<String, V> withKey(Map<String, V> current, Map<String, V> given, String key) {
        Map<String, V> changed = new HashMap<>(current);
        V value = given.get(key);
        if (value == null) {
            changed.remove(key);
        } else {
            changed.put(key, value);
        }
        return changed;
    }

    /** What labels become by an update that can change nothing else; {@code noun} names the object in failures. */
    static Map<String, String> labels(
            Map<String, String> current, Map<String, String> given, List<String> paths, String noun) {
        Map<String, String> labels = paths.isEmpty() ? given : current;
        for (String path : paths) {
            Optional<String> key = key("labels", path);
            if (key.isPresent()) {
                labels = withKey(labels, given, key.get());
            } else if (path.equals("labels")) {
                labels = given;
            } else {
                throw unknown(path, noun);
            }
        }
        return withoutEmpty(labels);
    }

    /** The same without entries that have an empty value, which are never kept. */
    static Map<String, String> withoutEmpty(Map<String, String> labels) {
        if (!labels.containsValue("")) {
            return labels;
        }
        Map<String, String> kept = new HashMap<>(labels);
        kept.values().removeIf(String::isEmpty);
        return kept;
    }

    /** The failure for a path that cannot be updated. */
    static WharfException unknown(String path, String noun) {
        return ErrorKind.INVALID_ARGUMENT.of("cannot update \"" + path + "\" field on " + noun);
    }
}
