package dev.wharf.services;

import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.plugin.PluginCatalog;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.services.containers.ContainerService;
import dev.wharf.services.content.ContentService;
import dev.wharf.services.diff.DiffService;
import dev.wharf.services.diff.OrderedAppliers;
import dev.wharf.services.events.EventService;
import dev.wharf.services.events.ShimEventService;
import dev.wharf.services.images.ImageService;
import dev.wharf.services.introspection.IntrospectionService;
import dev.wharf.services.leases.LeaseService;
import dev.wharf.services.namespaces.NamespaceService;
import dev.wharf.services.rpc.RequestInterceptor;
import dev.wharf.services.sandbox.SandboxStoreService;
import dev.wharf.services.snapshots.SnapshotService;
import dev.wharf.services.tasks.TaskService;
import dev.wharf.services.version.VersionService;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * All services of containerd's API, over what they need. Bind them together with {@link #interceptor}, without which
 * every request that needs a namespace is refused.
 *
 * @param version the daemon's version
 * @param revision the revision of its source
 * @param plugins what introspection shows
 * @param identity the directory of the daemon's UUID, {@code <root>/io.containerd.grpc.v1.introspection}
 * @param namespaces the namespaces
 * @param content the blobs
 * @param images the images
 * @param containers the containers
 * @param snapshotters the snapshotters by name
 * @param leases the leases
 * @param garbage the collector that synchronous deletes wait for
 * @param appliers what applies layers, in the order they are asked
 * @param runtime what runs tasks
 * @param events the bus
 * @param sandboxes the sandboxes
 * @param clock what deadlines are told by
 */
public record Services(
        String version,
        String revision,
        PluginCatalog plugins,
        Path identity,
        NamespaceStore namespaces,
        ContentStore content,
        ImageStore images,
        ContainerStore containers,
        Map<String, Snapshotter> snapshotters,
        LeaseManager leases,
        GarbageCollector garbage,
        List<Applier> appliers,
        TaskRuntime runtime,
        EventBus events,
        SandboxStore sandboxes,
        InstantSource clock) {
    public Services {
        snapshotters = Map.copyOf(snapshotters);
        appliers = List.copyOf(appliers);
    }

    /** New service objects, for the main socket and (beside {@link #forShims}) the ttRPC socket. */
    public List<BindableService> all() {
        Applier applier = new OrderedAppliers(appliers);
        return List.of(
                new VersionService(version, revision),
                new IntrospectionService(plugins, runtime, identity),
                new NamespaceService(namespaces),
                new ContentService(content),
                new ImageService(images, garbage),
                new ContainerService(containers),
                new SnapshotService(snapshotters),
                new LeaseService(leases, garbage),
                new DiffService(applier),
                new TaskService(containers, content, applier, runtime, clock),
                new EventService(events),
                new SandboxStoreService(sandboxes));
    }

    /** New objects of the services that only the ttRPC socket has: what shims send their events to. */
    public List<BindableService> forShims() {
        return List.of(new ShimEventService(events));
    }

    /** What all servers must put before these services. */
    public ServerInterceptor interceptor() {
        return new RequestInterceptor(clock);
    }
}
