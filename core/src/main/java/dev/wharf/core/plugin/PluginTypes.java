package dev.wharf.core.plugin;

import dev.wharf.core.content.BlobStore;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.transfer.TransferService;

/**
 * The types of plugins, named as containerd names them.
 *
 * <p>Two differ in what depends on what: the index of every snapshotter is in the metadata store here, so that
 * {@link #SNAPSHOTTER} requires {@link #METADATA} and not the other way round.
 */
public final class PluginTypes {
    /** Where events are published and subscribed to. */
    public static final PluginType<EventBus> EVENT = new PluginType<>("io.containerd.event.v1", EventBus.class);

    /** The bytes of blobs. */
    public static final PluginType<BlobStore> CONTENT = new PluginType<>("io.containerd.content.v1", BlobStore.class);

    /** What is known of everything. */
    public static final PluginType<MetadataStores> METADATA =
            new PluginType<>("io.containerd.metadata.v1", MetadataStores.class);

    /** Root file systems. */
    public static final PluginType<Snapshotter> SNAPSHOTTER =
            new PluginType<>("io.containerd.snapshotter.v1", Snapshotter.class);

    /** Layers to file systems. */
    public static final PluginType<Applier> DIFFER = new PluginType<>("io.containerd.differ.v1", Applier.class);

    /** When garbage is collected. */
    public static final PluginType<GarbageCollector> GC =
            new PluginType<>("io.containerd.gc.v1", GarbageCollector.class);

    /** Leases. */
    public static final PluginType<LeaseManager> LEASE = new PluginType<>("io.containerd.lease.v1", LeaseManager.class);

    /** Where sandboxes are kept. */
    public static final PluginType<SandboxStore> SANDBOX_STORE =
            new PluginType<>("io.containerd.sandbox.store.v1", SandboxStore.class);

    /** How shims are found and started. */
    public static final PluginType<Object> SHIM = new PluginType<>("io.containerd.shim.v1", Object.class);

    /** What runs containers. */
    public static final PluginType<TaskRuntime> RUNTIME =
            new PluginType<>("io.containerd.runtime.v2", TaskRuntime.class);

    /** The named streams of clients. */
    public static final PluginType<StreamManager> STREAMING =
            new PluginType<>("io.containerd.streaming.v1", StreamManager.class);

    /** What moves images. */
    public static final PluginType<TransferService> TRANSFER =
            new PluginType<>("io.containerd.transfer.v1", TransferService.class);

    /** What stands behind a service; its id tells which interface of the domain that is. */
    public static final PluginType<Object> SERVICE = new PluginType<>("io.containerd.service.v1", Object.class);

    /** What does not fit elsewhere. */
    public static final PluginType<Object> INTERNAL = new PluginType<>("io.containerd.internal.v1", Object.class);

    private PluginTypes() {}
}
