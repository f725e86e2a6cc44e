package dev.wharf.cmd.wharfd;

import static dev.wharf.cmd.wharfd.RpcServices.GRPC;
import static dev.wharf.cmd.wharfd.RpcServices.SERVER;
import static dev.wharf.core.plugin.PluginTypes.CONTENT;
import static dev.wharf.core.plugin.PluginTypes.DIFFER;
import static dev.wharf.core.plugin.PluginTypes.EVENT;
import static dev.wharf.core.plugin.PluginTypes.GC;
import static dev.wharf.core.plugin.PluginTypes.INTERNAL;
import static dev.wharf.core.plugin.PluginTypes.LEASE;
import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.PluginTypes.RUNTIME;
import static dev.wharf.core.plugin.PluginTypes.SANDBOX_STORE;
import static dev.wharf.core.plugin.PluginTypes.SERVICE;
import static dev.wharf.core.plugin.PluginTypes.SHIM;
import static dev.wharf.core.plugin.PluginTypes.SNAPSHOTTER;
import static dev.wharf.core.plugin.PluginTypes.STREAMING;
import static dev.wharf.core.plugin.PluginTypes.TRANSFER;

import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.core.plugin.Plugin;
import java.time.InstantSource;
import java.util.List;

/** The one list of what is built in. Types and ids are containerd's, so that its configuration and tools fit. */
final class Builtins {
    private Builtins() {}

    static List<Plugin<?>> list(ServerConfig config, BuildInfo build, InstantSource clock) {
        StorePlugins store = new StorePlugins(config.root(), clock);
        RuntimePlugins run = new RuntimePlugins(config, build, clock);
        ServicePlugins edge = new ServicePlugins(config, build, clock);
        TransferPlugins move = new TransferPlugins(build, clock);
        // spotless:off one plugin a line
        return List.of(
                new Plugin<>(CONTENT, "content", List.of(), store::content),
                new Plugin<>(EVENT, "exchange", List.of(), store::exchange),
                new Plugin<>(INTERNAL, "opt", List.of(), run::opt),
                new Plugin<>(METADATA, "bolt", List.of(CONTENT, EVENT), store::metadata),
                new Plugin<>(SNAPSHOTTER, "native", List.of(METADATA), SnapshotPlugins::nativefs),
                new Plugin<>(SNAPSHOTTER, "overlayfs", List.of(METADATA), SnapshotPlugins::overlayfs),
                new Plugin<>(DIFFER, "walking", List.of(METADATA), store::walking),
                new Plugin<>(GC, "scheduler", List.of(METADATA, SNAPSHOTTER), store::scheduler),
                new Plugin<>(LEASE, "manager", List.of(METADATA, GC), store::leases),
                new Plugin<>(SANDBOX_STORE, "local", List.of(METADATA), store::sandboxes),
                new Plugin<>(SHIM, "manager", List.of(EVENT, METADATA), run::shims),
                new Plugin<>(RUNTIME, "task", List.of(SHIM, EVENT, METADATA), run::tasks),
                new Plugin<>(STREAMING, "manager", List.of(METADATA), move::streams),
                new Plugin<>(TRANSFER, "local", List.of(LEASE, METADATA, DIFFER, SNAPSHOTTER), move::local),
                new Plugin<>(SERVICE, "containers-service", List.of(METADATA), edge::containersBehind),
                new Plugin<>(SERVICE, "content-service", List.of(METADATA), edge::contentBehind),
                new Plugin<>(SERVICE, "diff-service", List.of(DIFFER), edge::diffBehind),
                new Plugin<>(SERVICE, "images-service", List.of(METADATA), edge::imagesBehind),
                new Plugin<>(SERVICE, "introspection-service", List.of(), edge::introspectionBehind),
                new Plugin<>(SERVICE, "namespaces-service", List.of(METADATA), edge::namespacesBehind),
                new Plugin<>(SERVICE, "snapshots-service", List.of(SNAPSHOTTER), edge::snapshotsBehind),
                new Plugin<>(SERVICE, "tasks-service", List.of(RUNTIME), edge::tasksBehind),
                new Plugin<>(GRPC, "containers", List.of(SERVICE), edge::containers),
                new Plugin<>(GRPC, "content", List.of(SERVICE), edge::content),
                new Plugin<>(GRPC, "diff", List.of(SERVICE), edge::diff),
                new Plugin<>(GRPC, "events", List.of(EVENT), edge::events),
                new Plugin<>(GRPC, "healthcheck", List.of(), edge::healthcheck),
                new Plugin<>(GRPC, "images", List.of(SERVICE, GC), edge::images),
                new Plugin<>(GRPC, "introspection", List.of(SERVICE, RUNTIME), edge::introspection),
                new Plugin<>(GRPC, "leases", List.of(LEASE, GC), edge::leases),
                new Plugin<>(GRPC, "namespaces", List.of(SERVICE), edge::namespaces),
                new Plugin<>(GRPC, "sandboxes", List.of(SANDBOX_STORE), edge::sandboxes),
                new Plugin<>(GRPC, "snapshots", List.of(SERVICE), edge::snapshots),
                new Plugin<>(GRPC, "streaming", List.of(STREAMING), move::streaming),
                new Plugin<>(GRPC, "tasks", List.of(SERVICE), edge::tasks),
                new Plugin<>(GRPC, "transfer", List.of(TRANSFER, STREAMING), move::transfer),
                new Plugin<>(GRPC, "version", List.of(), edge::version),
                new Plugin<>(SERVER, "grpc", List.of(GRPC), edge::grpcSocket),
                new Plugin<>(SERVER, "ttrpc", List.of(GRPC), edge::ttrpcSocket));
        // spotless:on
    }
}
