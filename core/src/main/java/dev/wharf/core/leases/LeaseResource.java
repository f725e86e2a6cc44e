package dev.wharf.core.leases;

import dev.wharf.core.error.ErrorKind;

/**
 * Something a lease holds.
 *
 * @param id the digest, ingest reference, image name or snapshot key
 * @param type {@code content}, {@code ingests}, {@code images} or {@code snapshots/<snapshotter>}
 */
public record LeaseResource(String id, String type) {
    /** The part of {@link #type} before the slash: {@code content}, {@code ingests}, {@code images}, {@code snapshots}. */
    public String kind() {
        int slash = type.indexOf('/');
        return slash < 0 ? type : type.substring(0, slash);
    }

    /** Answers this, or throws {@code NOT_IMPLEMENTED} for a type no lease can hold, {@code INVALID_ARGUMENT} for a bad one. */
    public LeaseResource check() {
        switch (kind()) {
            case "content", "ingests", "images" -> {
                if (!type.equals(kind())) {
                    throw ErrorKind.INVALID_ARGUMENT.of("invalid resource type " + type);
                }
            }
            case "snapshots" -> {
                if (type.length() < "snapshots/x".length() || type.indexOf('/', "snapshots/".length()) >= 0) {
                    throw ErrorKind.INVALID_ARGUMENT.of("invalid snapshot resource type " + type);
                }
            }
            default -> throw ErrorKind.NOT_IMPLEMENTED.of("lease resource type " + type);
        }
        return this;
    }
}
