package dev.wharf.cmd.wharfd;

import static dev.wharf.cmd.wharfd.RpcServices.GRPC;
import static dev.wharf.core.plugin.PluginTypes.DIFFER;
import static dev.wharf.core.plugin.PluginTypes.EVENT;
import static dev.wharf.core.plugin.PluginTypes.GC;
import static dev.wharf.core.plugin.PluginTypes.LEASE;
import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.PluginTypes.RUNTIME;
import static dev.wharf.core.plugin.PluginTypes.SANDBOX_STORE;
import static dev.wharf.core.plugin.PluginTypes.SERVICE;
import static dev.wharf.core.plugin.PluginTypes.SNAPSHOTTER;
import static dev.wharf.core.plugin.StartOutcome.skipped;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.DiffConfig;
import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.cmd.wharfd.config.TtrpcConfig;
import dev.wharf.cmd.wharfd.listen.GrpcListener;
import dev.wharf.cmd.wharfd.listen.TtrpcListener;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.plugin.PluginCatalog;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.core.runtime.TaskRuntime;
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
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * How the plugins at the edge are started: what stands behind the services, the services, and the sockets.
 *
 * @param config of the whole daemon
 * @param build told to clients
 * @param clock what deadlines are told by
 */
record ServicePlugins(ServerConfig config, BuildInfo build, InstantSource clock) {
    /** The snapshotters that run. */
    private record Snapshotters(Map<String, Snapshotter> byId) {}

    // What stands behind the services.

    StartOutcome<Object> containersBehind(StartContext context) {
        return started(context.one(METADATA).containers());
    }

    StartOutcome<Object> contentBehind(StartContext context) {
        return started(context.one(METADATA).content());
    }

    StartOutcome<Object> imagesBehind(StartContext context) {
        return started(context.one(METADATA).images());
    }

    StartOutcome<Object> namespacesBehind(StartContext context) {
        return started(context.one(METADATA).namespaces());
    }

    StartOutcome<Object> snapshotsBehind(StartContext context) {
        return started(new Snapshotters(context.all(SNAPSHOTTER)));
    }

    StartOutcome<Object> introspectionBehind(StartContext context) {
        return started(context.catalog());
    }

    StartOutcome<Object> tasksBehind(StartContext context) {
        return started(context.one(RUNTIME, "task", TaskRuntime.class));
    }

    StartOutcome<Object> diffBehind(StartContext context) {
        DiffConfig wanted = context.config(DiffConfig.class);
        Map<String, Applier> running = context.all(DIFFER);
        for (String id : wanted.differs()) {
            if (!running.containsKey(id)) {
                throw ErrorKind.NOT_FOUND.of("differ " + id + " of the diff service does not run");
            }
        }
        return started(new OrderedAppliers(wanted.differs().stream()
                .map(running::get)
                .map(applier -> wanted.syncFs() ? syncing(applier) : applier)
                .toList()));
    }

    private static Applier syncing(Applier applier) {
        return (ctx, diff, mounts, options) ->
                applier.apply(ctx, diff, mounts, new Applier.Options(options.payloads(), true));
    }

    // The services.

    StartOutcome<RpcServices> containers(StartContext context) {
        return service(new ContainerService(behind(context, "containers-service", ContainerStore.class)));
    }

    StartOutcome<RpcServices> content(StartContext context) {
        return service(new ContentService(behind(context, "content-service", ContentStore.class)));
    }

    StartOutcome<RpcServices> diff(StartContext context) {
        return service(new DiffService(behind(context, "diff-service", Applier.class)));
    }

    StartOutcome<RpcServices> events(StartContext context) {
        EventBus bus = context.one(EVENT);
        return started(new RpcServices(List.of(new EventService(bus)), List.of(new ShimEventService(bus))));
    }

    StartOutcome<RpcServices> healthcheck(StartContext context) {
        return service(new HealthStatusManager().getHealthService());
    }

    StartOutcome<RpcServices> images(StartContext context) {
        return service(new ImageService(behind(context, "images-service", ImageStore.class), context.one(GC)));
    }

    StartOutcome<RpcServices> introspection(StartContext context) {
        return service(new IntrospectionService(
                behind(context, "introspection-service", PluginCatalog.class),
                context.one(RUNTIME, "task", TaskRuntime.class),
                context.root()));
    }

    StartOutcome<RpcServices> leases(StartContext context) {
        return service(new LeaseService(context.one(LEASE), context.one(GC)));
    }

    StartOutcome<RpcServices> namespaces(StartContext context) {
        return service(new NamespaceService(behind(context, "namespaces-service", NamespaceStore.class)));
    }

    StartOutcome<RpcServices> sandboxes(StartContext context) {
        return service(new SandboxStoreService(context.one(SANDBOX_STORE)));
    }

    StartOutcome<RpcServices> snapshots(StartContext context) {
        return service(new SnapshotService(
                behind(context, "snapshots-service", Snapshotters.class).byId()));
    }

    StartOutcome<RpcServices> tasks(StartContext context) {
        return service(new TaskService(
                behind(context, "containers-service", ContainerStore.class),
                behind(context, "content-service", ContentStore.class),
                behind(context, "diff-service", Applier.class),
                behind(context, "tasks-service", TaskRuntime.class),
                clock));
    }

    StartOutcome<RpcServices> version(StartContext context) {
        return service(new VersionService(build.version(), build.revision()));
    }

    private static <T> T behind(StartContext context, String id, Class<T> as) {
        return context.one(SERVICE, id, as);
    }

    static StartOutcome<RpcServices> service(BindableService service) {
        return started(new RpcServices(List.of(service), List.of()));
    }

    // The sockets.

    StartOutcome<AutoCloseable> grpcSocket(StartContext context) throws IOException {
        return started(GrpcListener.start(
                config.grpc(), RpcServices.onGrpc(context.all(GRPC).values()), interceptors()));
    }

    StartOutcome<AutoCloseable> ttrpcSocket(StartContext context) throws IOException {
        TtrpcConfig ttrpc = config.ttrpc();
        if (ttrpc.address().isEmpty()) {
            return skipped("no ttrpc address configured");
        }
        return started(
                TtrpcListener.start(ttrpc, RpcServices.onTtrpc(context.all(GRPC).values()), interceptors()));
    }

    private List<ServerInterceptor> interceptors() {
        return List.of(new RequestInterceptor(clock));
    }
}
