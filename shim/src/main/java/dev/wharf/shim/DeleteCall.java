package dev.wharf.shim;

import java.nio.file.Path;

/**
 * What the action {@code delete} is given.
 *
 * @param namespace of the container
 * @param id of the container
 * @param bundle its directory, absolute; need not be named as the container is
 * @param address of the daemon's gRPC socket
 * @param debug whether to log details
 */
public record DeleteCall(String namespace, String id, Path bundle, String address, boolean debug) {}
