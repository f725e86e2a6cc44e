package dev.wharf.core.names;

import dev.wharf.core.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The rule for labels: key and value together at most 4096 bytes of UTF-8. */
public final class Labels {
    private static final int MAX_BYTES = 4096;
    private static final int SHOWN_KEY = 64;

    private Labels() {}

    /** Answers {@code labels}, or throws {@code INVALID_ARGUMENT} naming the key that is too long with its value. */
    public static Map<String, String> check(Map<String, String> labels) {
        labels.forEach(Labels::check);
        return labels;
    }

    private static void check(String key, String value) {
        int length = bytes(key) + bytes(value);
        if (length > MAX_BYTES) {
            String shown = key.length() > SHOWN_KEY ? key.substring(0, SHOWN_KEY) : key;
            throw ErrorKind.INVALID_ARGUMENT.of("label key and value length (" + length
                    + " bytes) greater than maximum size (" + MAX_BYTES + " bytes), key: " + shown);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
