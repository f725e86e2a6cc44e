package dev.wharf.cmd.wharfd.listen;

import dev.wharf.cmd.wharfd.config.TtrpcConfig;
import dev.wharf.lib.ttrpc.TtrpcServer;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The ttRPC server beside the main socket: the same services, for peers of the same user and group only. */
public final class TtrpcListener implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final TtrpcServer server;

    private TtrpcListener(TtrpcServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param interceptors in the order a call meets them
     */
    public static TtrpcListener start(
            TtrpcConfig config, List<BindableService> services, List<ServerInterceptor> interceptors)
            throws IOException {
        SocketFile file = SocketFile.of(config.address(), config.uid(), config.gid());
        TtrpcServer.Builder builder = TtrpcServer.builder();
        services.forEach(builder::add);
        interceptors.forEach(builder::intercept);
        TtrpcServer server = builder.build();
        try {
            file.prepare();
            server.listen(file.path(), SocketFile.MODE);
            file.own();
            return new TtrpcListener(server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Refuses new calls, gives those under way a moment, cancels them and removes the socket. */
    @Override
    public void close() throws InterruptedException {
        server.shutdown(GRACE);
    }
}
