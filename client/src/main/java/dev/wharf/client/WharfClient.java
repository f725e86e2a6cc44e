package dev.wharf.client;

import com.google.protobuf.Empty;
import dev.wharf.api.services.introspection.v1.IntrospectionGrpc;
import dev.wharf.api.services.introspection.v1.PluginsRequest;
import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.client.remote.RemoteApplier;
import dev.wharf.client.remote.RemoteContainerStore;
import dev.wharf.client.remote.RemoteContentStore;
import dev.wharf.client.remote.RemoteImageStore;
import dev.wharf.client.remote.RemoteLeaseManager;
import dev.wharf.client.remote.RemoteNamespaceStore;
import dev.wharf.client.remote.RemoteSnapshotter;
import dev.wharf.client.remote.RemoteSubscription;
import dev.wharf.client.remote.RemoteTaskRuntime;
import dev.wharf.client.remote.RemoteTransferService;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import dev.wharf.wire.StatusMapper;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a daemon, and what the daemon offers as core's interfaces.
 *
 * <p>Each accessor makes a small object over the one connection; nothing is called before one of its methods is. Safe
 * for several threads. Close it before the program ends.
 */
public final class WharfClient implements AutoCloseable {
    /** The largest gRPC message a daemon sends or takes, in bytes. */
    public static final int MAX_MESSAGE = 16 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long VERSION_SECONDS = 10;
    private static final String DEFAULT_SNAPSHOTTER = "overlayfs";
    private static final String DEFAULT_SNAPSHOTTER_LABEL = "containerd.io/defaults/snapshotter";

    private static final String TRANSFER_PLUGIN = "type==io.containerd.grpc.v1,id==transfer";

    private final Channel channel;
    private final Transport transport;
    private final Runnable end;

    private WharfClient(Channel channel, Transport transport, Runnable end) {
        this.channel = channel;
        this.transport = transport;
        this.end = end;
    }

    /**
     * Connects to the daemon at {@code address}: by ttRPC where {@code <address>.ttrpc} serves clients, by gRPC
     * otherwise. {@code UNAVAILABLE} when nobody listens, {@code PERMISSION_DENIED} when the socket may not be used.
     *
     * @param address path of the daemon's gRPC socket
     * @param grpc makes the gRPC channel if one is needed
     */
    public static WharfClient connect(Path address, ChannelFactory grpc) {
        Path ttrpc = address.resolveSibling(address.getFileName() + ".ttrpc");
        if (Files.exists(ttrpc)) {
            try {
                TtrpcChannel channel = TtrpcChannel.connect(ttrpc, CONNECT);
                if (Probe.servesClients(channel)) {
                    return new WharfClient(channel, Transport.TTRPC, channel::close);
                }
                channel.close();
            } catch (IOException e) {
                // The socket of a daemon that is gone, or of another user: the gRPC socket will tell.
            }
        }
        return overGrpc(address, grpc);
    }

    /**
     * Connects to the daemon at {@code address} by gRPC, whatever else it serves. Fails as {@link #connect} does.
     *
     * @param address path of the daemon's gRPC socket
     * @param grpc makes the channel
     */
    public static WharfClient overGrpc(Path address, ChannelFactory grpc) {
        if (!Files.exists(address)) {
            throw ErrorKind.UNAVAILABLE.of("connect to " + address + ": there is no such socket");
        }
        if (!Files.isReadable(address) || !Files.isWritable(address)) {
            throw ErrorKind.PERMISSION_DENIED.of("connect to " + address);
        }
        ChannelFactory.Connection connection = grpc.connect(address.toAbsolutePath());
        return new WharfClient(connection.channel(), Transport.GRPC, connection::close);
    }

    /** The wire it speaks. */
    public Transport transport() {
        return transport;
    }

    /** The daemon's version. */
    public ServerVersion version() {
        try {
            var answer = VersionGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(VERSION_SECONDS, TimeUnit.SECONDS)
                    .version(Empty.getDefaultInstance());
            return new ServerVersion(answer.getVersion(), answer.getRevision());
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    /** Its blobs. */
    public ContentStore content() {
        return new RemoteContentStore(channel);
    }

    /** Its images. */
    public ImageStore images() {
        return new RemoteImageStore(channel);
    }

    /** Its containers. */
    public ContainerStore containers() {
        return new RemoteContainerStore(channel);
    }

    /** Its snapshotter of this name; whether there is one shows when it is used. */
    public Snapshotter snapshotter(String name) {
        return new RemoteSnapshotter(channel, name);
    }

    /** The snapshotter clients use in a namespace unless told otherwise. */
    public String defaultSnapshotter(Context ctx) {
        return namespaces().labels(ctx.namespace()).getOrDefault(DEFAULT_SNAPSHOTTER_LABEL, DEFAULT_SNAPSHOTTER);
    }

    /** Its differ. */
    public Applier applier() {
        return new RemoteApplier(channel);
    }

    /** Its leases. */
    public LeaseManager leases() {
        return new RemoteLeaseManager(channel);
    }

    /** Its namespaces. */
    public NamespaceStore namespaces() {
        return new RemoteNamespaceStore(channel);
    }

    /** Its tasks. */
    public RemoteTaskRuntime tasks() {
        return new RemoteTaskRuntime(channel);
    }

    /** Whether it moves images itself. */
    public boolean canTransfer() {
        return transport == Transport.TTRPC || hasTransferPlugin();
    }

    private boolean hasTransferPlugin() {
        try {
            PluginsRequest request =
                    PluginsRequest.newBuilder().addFilters(TRANSFER_PLUGIN).build();
            return IntrospectionGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(VERSION_SECONDS, TimeUnit.SECONDS)
                            .plugins(request)
                            .getPluginsCount()
                    > 0;
        } catch (StatusRuntimeException e) {
            throw StatusMapper.fromStatus(e);
        }
    }

    /** Its transfers. */
    public TransferService transfers() {
        return new RemoteTransferService(channel);
    }

    /** Its events from now on, of all namespaces, that match one of the filters (all, when there are none). */
    public EventBus.Subscription subscribe(List<String> filters) {
        return RemoteSubscription.open(channel, filters);
    }

    /** Ends the connection; calls under way fail with {@code UNAVAILABLE}. */
    @Override
    public void close() {
        end.run();
    }
}
