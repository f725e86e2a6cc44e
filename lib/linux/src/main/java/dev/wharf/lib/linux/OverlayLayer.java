package dev.wharf.lib.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * One lower directory of an overlay.
 *
 * @param escaped its path as it stands in {@code lowerdir=}, colons and backslashes escaped
 * @param dataOnly whether it only serves file contents that upper layers refer to
 */
record OverlayLayer(String escaped, boolean dataOnly) {
    /** The kernel's bound of layers (OVL_MAX_STACK). */
    private static final int MAX_LAYERS = 500;

    private static final String OPTION = "lowerdir=";

    /** The layers in the options of an overlay, topmost first; none when there is no {@code lowerdir}. */
    static List<OverlayLayer> of(List<String> data) {
        List<OverlayLayer> layers = new ArrayList<>();
        data.stream().filter(OverlayLayer::isOption).forEach(option -> split(option, layers));
        if (layers.size() > MAX_LAYERS) {
            throw new ErrnoException(
                    Errno.EINVAL.number(), "mount overlay", layers.size() + " layers, the kernel takes " + MAX_LAYERS);
        }
        return layers;
    }

    /** Whether this option lists layers. */
    static boolean isOption(String option) {
        return option.startsWith(OPTION);
    }

    /** The option that lists the layers. */
    static String toOption(List<OverlayLayer> layers) {
        StringBuilder option = new StringBuilder(OPTION);
        for (OverlayLayer layer : layers) {
            boolean first = option.length() == OPTION.length();
            option.append(layer.dataOnly ? "::" : first ? "" : ":").append(layer.escaped);
        }
        return option.toString();
    }

    /** The path itself. */
    String directory() {
        return unescape(escaped);
    }

    static String unescape(String path) {
        return path.replaceAll("\\\\([:,\\\\])", "$1");
    }

    /** Splits at colons that no backslash precedes; what follows a double colon is a layer of data alone. */
    private static void split(String option, List<OverlayLayer> layers) {
        boolean dataOnly = false;
        for (String part : option.substring(OPTION.length()).split("(?<!\\\\):", -1)) {
            if (part.isEmpty()) {
                dataOnly = true;
            } else {
                layers.add(new OverlayLayer(part, dataOnly));
            }
        }
    }
}
