package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.containers.Container;
import dev.wharf.core.images.Image;
import dev.wharf.core.typeurl.TypedValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What records take in memory, in bytes: rather too much than too little. */
final class RecordSizes {
    /** A record with its times, its place in a tree and in a list, and the objects of its strings. */
    private static final long RECORD = 600;

    /** An object with header, reference and what rounding up costs. */
    private static final long OBJECT = 56;

    private RecordSizes() {}

    static long bytes(Container container) {
        long extensions = container.extensions().entrySet().stream()
                .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
                .sum();
        return RECORD
                + bytes(container.labels())
                + extensions
                + bytes(container.spec())
                + bytes(container.runtime().options())
                + container.id().length()
                + container.image().length()
                + container.snapshotKey().length();
    }

    static long bytes(Image image) {
        return RECORD
                + bytes(image.labels())
                + bytes(image.target().annotations())
                + image.name().length()
                + image.target().digest().toString().length();
    }

    private static long bytes(Map<String, String> map) {
        return map.entrySet().stream()
                .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
                .sum();
    }

    private static long bytes(String text) {
        return OBJECT + text.length();
    }

    private static long bytes(@Nullable TypedValue value) {
        return value == null ? 0 : OBJECT + bytes(value.typeUrl()) + value.value().length;
    }
}
