package dev.wharf.cmd.wharfd;

import static dev.wharf.cmd.wharfd.RpcServices.GRPC;
import static dev.wharf.cmd.wharfd.RpcServices.SERVER;
import static dev.wharf.core.plugin.PluginTypes.EVENT;
import static dev.wharf.core.plugin.StartOutcome.skipped;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.cmd.wharfd.config.TtrpcConfig;
import dev.wharf.cmd.wharfd.listen.GrpcListener;
import dev.wharf.cmd.wharfd.listen.TtrpcListener;
import dev.wharf.core.plugin.Plugin;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.plugins.events.LocalEventBus;
import dev.wharf.services.events.EventService;
import dev.wharf.services.events.ShimEventService;
import dev.wharf.services.rpc.RequestInterceptor;
import dev.wharf.services.version.VersionService;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.InstantSource;
import java.util.List;

/** The one list of what is built in. Types and ids are containerd's, so that its configuration and tools fit. */
final class Builtins {
    private final ServerConfig config;
    private final BuildInfo build;
    private final InstantSource clock = InstantSource.system();

    Builtins(ServerConfig config, BuildInfo build) {
        this.config = config;
        this.build = build;
    }

    List<Plugin<?>> list() {
        return List.of(
                new Plugin<>(EVENT, "exchange", List.of(), _ -> started(new LocalEventBus(clock))),
                new Plugin<>(GRPC, "events", List.of(EVENT), this::events),
                new Plugin<>(GRPC, "healthcheck", List.of(), _ -> started(health())),
                new Plugin<>(GRPC, "version", List.of(), _ -> started(version())),
                new Plugin<>(SERVER, "grpc", List.of(GRPC), this::grpc),
                new Plugin<>(SERVER, "ttrpc", List.of(GRPC), this::ttrpc));
    }

    private StartOutcome<RpcServices> events(StartContext context) {
        var bus = context.one(EVENT);
        return started(new RpcServices(List.of(new EventService(bus)), List.of(new ShimEventService(bus))));
    }

    private static RpcServices health() {
        return RpcServices.of(new HealthStatusManager().getHealthService());
    }

    private RpcServices version() {
        return RpcServices.of(new VersionService(build.version(), build.revision()));
    }

    private StartOutcome<AutoCloseable> grpc(StartContext context) throws Exception {
        return started(GrpcListener.start(
                config.grpc(), RpcServices.onGrpc(context.all(GRPC).values()), interceptors()));
    }

    private StartOutcome<AutoCloseable> ttrpc(StartContext context) throws Exception {
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
