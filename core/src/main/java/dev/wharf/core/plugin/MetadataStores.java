package dev.wharf.core.plugin;

import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.core.snapshots.SnapshotIndex;

/** What a metadata plugin offers: one store for each kind of object, all of them in one database. */
public interface MetadataStores {
    /** Namespaces. */
    NamespaceStore namespaces();

    /** Containers. */
    ContainerStore containers();

    /** Images. */
    ImageStore images();

    /** Blobs as each namespace sees them. */
    ContentStore content();

    /** Leases. */
    LeaseManager leases();

    /** Sandboxes. */
    SandboxStore sandboxes();

    /** The index of the snapshotter with this id. */
    SnapshotIndex snapshots(String snapshotter);
}
