package dev.wharf.testkit.snapshots;

import dev.wharf.core.error.ErrorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The paths of an update that may name labels only. */
final class LabelPaths {
    private static final String ONE = "labels.";

    private LabelPaths() {}

    /** The labels after an update; {@code INVALID_ARGUMENT} for a path that is no label. */
    static Map<String, String> apply(Map<String, String> old, Map<String, String> given, List<String> paths) {
        if (paths.isEmpty() || paths.contains("labels")) {
            return given;
        }
        Map<String, String> labels = new HashMap<>(old);
        for (String path : paths) {
            if (!path.startsWith(ONE)) {
                throw ErrorKind.INVALID_ARGUMENT.of("cannot update \"" + path + "\" field");
            }
            String key = path.substring(ONE.length());
            labels.put(key, given.getOrDefault(key, ""));
        }
        return labels;
    }
}
