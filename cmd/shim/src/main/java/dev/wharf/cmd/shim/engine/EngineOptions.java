package dev.wharf.cmd.shim.engine;

import dev.wharf.api.runc.v1.Options;
import java.nio.file.Path;

/**
 * How an engine is called for the containers of one namespace.
 *
 * @param binary a name looked up in PATH, or a path
 * @param root directory of its state
 * @param systemdCgroup whether cgroups are made through systemd
 * @param noPivotRoot whether it is to use MS_MOVE instead of pivot_root(2)
 * @param noNewKeyring whether the container keeps the session keyring
 */
public record EngineOptions(
        String binary, Path root, boolean systemdCgroup, boolean noPivotRoot, boolean noNewKeyring) {
    private static final String DEFAULT_BINARY = "runc";
    private static final String DEFAULT_ROOT = "/run/containerd/runc";

    /** What containerd's options ask for, in a namespace. */
    public static EngineOptions of(Options options, String namespace) {
        return new EngineOptions(
                options.getBinaryName().isEmpty() ? DEFAULT_BINARY : options.getBinaryName(),
                Path.of(options.getRoot().isEmpty() ? DEFAULT_ROOT : options.getRoot(), namespace),
                options.getSystemdCgroup(),
                options.getNoPivotRoot(),
                options.getNoNewKeyring());
    }
}
