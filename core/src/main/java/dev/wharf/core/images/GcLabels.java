package dev.wharf.core.images;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels that keep what a document refers to from garbage collection, as containerd's clients set them. */
public final class GcLabels {
    private static final String PREFIX = "containerd.io/gc.ref.content.";

    private GcLabels() {}

    /** One label for each child: {@code m.N} for manifests, {@code l.N} for layers, {@code config}, or a number. */
    public static Map<String, String> of(List<Descriptor> children) {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        for (Descriptor child : children) {
            String key = key(child.mediaType());
            int index = counts.merge(key, 1, Integer::sum) - 1;
            labels.put(
                    index > 0 || key.endsWith(".") ? key + index : key,
                    child.digest().toString());
        }
        return labels;
    }

    private static String key(String mediaType) {
        if (MediaTypes.isConfig(mediaType)) {
            return PREFIX + "config";
        }
        if (MediaTypes.isManifest(mediaType)) {
            return PREFIX + "m.";
        }
        return MediaTypes.isLayer(mediaType) ? PREFIX + "l." : PREFIX;
    }
}
