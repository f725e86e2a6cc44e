package dev.wharf.client;

import io.grpc.Channel;
import java.nio.file.Path;

/** Makes gRPC channels to unix sockets, for daemons that do not speak ttRPC to clients. */
@FunctionalInterface
public interface ChannelFactory {
    /** A channel to a socket, not necessarily connected yet. It takes messages of 16 MiB. */
    Connection connect(Path socket);

    /** A channel with what ends it. */
    interface Connection extends AutoCloseable {
        /** The channel. */
        Channel channel();

        /** Ends the channel and the threads that serve it, without waiting for calls. */
        @Override
        void close();
    }
}
