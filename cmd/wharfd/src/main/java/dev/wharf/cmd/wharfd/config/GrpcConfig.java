package dev.wharf.cmd.wharfd.config;

import dev.wharf.lib.linux.Processes;

/**
 * {@code io.containerd.server.v1.grpc}: the main socket.
 *
 * @param address path of the socket; empty is an error when the server starts
 * @param uid owner of the socket
 * @param gid group of the socket
 * @param maxReceive longest message taken, in bytes
 * @param maxSend longest message sent, in bytes
 */
public record GrpcConfig(String address, int uid, int gid, int maxReceive, int maxSend) {
    /** Where clients look for the daemon. */
    public static final String ADDRESS = "/run/containerd/containerd.sock";

    /** 16 MiB. */
    public static final int MAX_MESSAGE = 16 << 20;

    static GrpcConfig read(Section section) {
        return new GrpcConfig(
                section.text("address", ADDRESS),
                section.integer("uid", Processes.effectiveUser(), 0, Integer.MAX_VALUE),
                section.integer("gid", Processes.effectiveGroup(), 0, Integer.MAX_VALUE),
                size(section, "max_recv_message_size"),
                size(section, "max_send_message_size"));
    }

    /** Zero means the default, as in older files. */
    private static int size(Section section, String key) {
        int size = section.integer(key, MAX_MESSAGE, 0, Integer.MAX_VALUE);
        return size == 0 ? MAX_MESSAGE : size;
    }
}
