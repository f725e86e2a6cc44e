package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.oci.Digest;

/**
 * An object as edges name it, within a namespace.
 *
 * @param type {@code root}, {@code lease}, {@code image}, {@code content}, {@code ingest}, {@code container},
 *     {@code sandbox} or {@code snapshot}
 * @param key its name there; see the package
 */
record Node(String type, String key) {
    /** Where everything that is kept begins. */
    static final Node ROOT = new Node("root", "");

    static final String LEASE = "lease";
    static final String IMAGE = "image";
    static final String CONTENT = "content";
    static final String INGEST = "ingest";
    static final String CONTAINER = "container";
    static final String SANDBOX = "sandbox";
    static final String SNAPSHOT = "snapshot";

    static Node lease(String id) {
        return new Node(LEASE, id);
    }

    static Node image(String name) {
        return new Node(IMAGE, name);
    }

    static Node content(String digest) {
        return new Node(CONTENT, digest);
    }

    static Node content(Digest digest) {
        return new Node(CONTENT, digest.toString());
    }

    static Node ingest(String ref) {
        return new Node(INGEST, ref);
    }

    static Node container(String id) {
        return new Node(CONTAINER, id);
    }

    static Node sandbox(String id) {
        return new Node(SANDBOX, id);
    }

    static Node snapshot(String snapshotter, String key) {
        return new Node(SNAPSHOT, snapshotter + "/" + key);
    }

    /** The node of what a lease can hold; its type has been checked. */
    static Node of(LeaseResource resource) {
        return switch (resource.kind()) {
            case "content" -> content(resource.id());
            case "ingests" -> ingest(resource.id());
            case "images" -> image(resource.id());
            default -> snapshot(resource.type().substring("snapshots/".length()), resource.id());
        };
    }

    /** The reverse of {@link #of}. */
    LeaseResource resource() {
        return switch (type) {
            case CONTENT -> new LeaseResource(key, "content");
            case INGEST -> new LeaseResource(key, "ingests");
            case IMAGE -> new LeaseResource(key, "images");
            default -> {
                int slash = key.indexOf('/');
                yield new LeaseResource(key.substring(slash + 1), "snapshots/" + key.substring(0, slash));
            }
        };
    }
}
