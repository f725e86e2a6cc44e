package dev.wharf.lib.registry;

import java.util.Optional;

/**
 * Bytes of a blob.
 *
 * @param from the first
 * @param end the one behind the last; -1 for the end of the blob
 */
record BlobRange(long from, long end) {
    static final long OPEN = -1;

    BlobRange {
        if (from < 0 || (end != OPEN && end < from)) {
            throw new IllegalArgumentException("range " + from + " to " + end);
        }
    }

    static BlobRange startingAt(long from) {
        return new BlobRange(from, OPEN);
    }

    boolean isWhole() {
        return from == 0 && end == OPEN;
    }

    /** The value of the Range header; empty for the whole blob. Source: RFC 9110, "Range". */
    Optional<String> header() {
        if (isWhole()) {
            return Optional.empty();
        }
        return Optional.of("bytes=" + from + "-" + (end == OPEN ? "" : String.valueOf(end - 1)));
    }
}
