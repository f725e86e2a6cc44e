package dev.wharf.plugins.runtime.shim;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the runtime needs to know of the daemon it is part of.
 *
 * @param stateDir where bundles are: {@code <daemon's state>/io.containerd.runtime.v2.task}
 * @param rootDir where their work directories are: {@code <daemon's root>/io.containerd.runtime.v2.task}
 * @param grpcAddress path of the daemon's gRPC socket; part of the names of shim sockets
 * @param ttrpcAddress path of the daemon's ttRPC socket, where shims send their events
 * @param daemonBinary the program of this daemon, which shims may call to publish events; its directory is searched for
 *     shims last
 * @param socketDir where shims are asked to put their sockets; at most 42 characters
 * @param runcShim the program that serves {@code io.containerd.runc.v2} in place of the one on PATH, if any
 * @param env added to the environment of started shims
 * @param debug whether shims shall log in detail
 * @param version the daemon's version, told to shims
 * @param timeouts of waiting for shims
 */
public record ShimConfig(
        Path stateDir,
        Path rootDir,
        String grpcAddress,
        String ttrpcAddress,
        Path daemonBinary,
        Path socketDir,
        Optional<Path> runcShim,
        Map<String, String> env,
        boolean debug,
        String version,
        ShimTimeouts timeouts) {
    private static final int MAX_SOCKET_DIR = 42;

    public ShimConfig {
        env = Map.copyOf(env);
        if (!socketDir.isAbsolute() || socketDir.toString().length() > MAX_SOCKET_DIR) {
            throw new IllegalArgumentException("socket_dir must be an absolute path of at most " + MAX_SOCKET_DIR
                    + " characters: \"" + socketDir + "\"");
        }
    }
}
