package dev.wharf.plugins.snapshots.overlay;

import dev.wharf.core.error.ErrorKind;
import java.util.Arrays;
import java.util.List;

/**
 * Ranges of ids in a container and the ids on the host they stand for, as the labels {@code
 * containerd.io/snapshot/uidmapping} and {@code gidmapping} hold them: {@code container:host:size}, joined by commas.
 *
 * @param ranges the ranges; none maps every id to itself
 */
record IdMapping(List<Range> ranges) {
    /** Ids are 32 bits without sign; the largest number stands for none. */
    private static final long LIMIT = 0xffffffffL;

    IdMapping {
        ranges = List.copyOf(ranges);
    }

    /** A range of ids. */
    record Range(long container, long host, long size) {}

    /** Reads a label's value; {@code INVALID_ARGUMENT}. */
    static IdMapping parse(String text) {
        return new IdMapping(
                text.isEmpty()
                        ? List.of()
                        : Arrays.stream(text.split(",", -1))
                                .map(IdMapping::parseRange)
                                .toList());
    }

    private static Range parseRange(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw ErrorKind.INVALID_ARGUMENT.of("id mapping \"" + text + "\" is not container:host:size");
        }
        return new Range(number(parts[0], text), number(parts[1], text), number(parts[2], text));
    }

    private static long number(String part, String text) {
        try {
            long number = Long.parseLong(part);
            if (number >= 0 && number < LIMIT) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("id mapping \"" + text + "\" has a part that is no number", e);
        }
        throw ErrorKind.INVALID_ARGUMENT.of("id mapping \"" + text + "\" has an id out of range");
    }

    /** The id on the host of the container's root; {@code INVALID_ARGUMENT} when it is not mapped. */
    int root() {
        if (ranges.isEmpty()) {
            return 0;
        }
        return ranges.stream()
                .filter(range -> range.container == 0 && range.size > 0)
                .map(range -> (int) range.host)
                .findFirst()
                .orElseThrow(() -> ErrorKind.INVALID_ARGUMENT.of("container ID 0 cannot be mapped to a host ID"));
    }
}
