package dev.wharf.cmd.wharfd.config;

import dev.wharf.lib.linux.Processes;

/**
 * {@code io.containerd.server.v1.ttrpc}: the socket for shims and for wharf's own commands.
 *
 * @param address path of the socket; empty for none
 * @param uid owner of the socket
 * @param gid group of the socket
 */
public record TtrpcConfig(String address, int uid, int gid) {
    /** What is added to the main socket's path. */
    public static final String SUFFIX = ".ttrpc";

    static TtrpcConfig read(Section section) {
        return new TtrpcConfig(
                section.text("address", GrpcConfig.ADDRESS + SUFFIX),
                section.integer("uid", Processes.effectiveUser(), 0, Integer.MAX_VALUE),
                section.integer("gid", Processes.effectiveGroup(), 0, Integer.MAX_VALUE));
    }
}
