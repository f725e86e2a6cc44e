package dev.wharf.cmd.wharfd;

import dev.wharf.core.plugin.PluginType;
import io.grpc.BindableService;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a plugin at the edge answers to.
 *
 * @param everywhere services on both sockets
 * @param ttrpcOnly services for shims, which no client of the gRPC socket knows
 */
record RpcServices(List<BindableService> everywhere, List<BindableService> ttrpcOnly) {
    /** Plugins that answer requests. */
    static final PluginType<RpcServices> GRPC = new PluginType<>("io.containerd.grpc.v1", RpcServices.class);

    /** Plugins that listen. */
    static final PluginType<AutoCloseable> SERVER = new PluginType<>("io.containerd.server.v1", AutoCloseable.class);

    RpcServices {
        everywhere = List.copyOf(everywhere);
        ttrpcOnly = List.copyOf(ttrpcOnly);
    }

    static List<BindableService> onGrpc(Collection<RpcServices> all) {
        return all.stream().flatMap(services -> services.everywhere.stream()).toList();
    }

    static List<BindableService> onTtrpc(Collection<RpcServices> all) {
        return all.stream()
                .flatMap(services -> Stream.concat(services.everywhere.stream(), services.ttrpcOnly.stream()))
                .toList();
    }
}
