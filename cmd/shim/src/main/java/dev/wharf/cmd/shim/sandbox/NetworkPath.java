package dev.wharf.cmd.shim.sandbox;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.FileSystem;
import dev.wharf.shim.ShimException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The path by which a daemon names the network of a pod. */
final class NetworkPath {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkPath.class);

    private NetworkPath() {}

    /** Whether it is a namespace; "" and other files leave a pod in the network of the host. */
    static boolean isNamespace(String path) {
        if (path.isEmpty()) {
            return false;
        }
        try {
            // A file in /proc is a link to the namespace itself, which this follows.
            if (FileSystem.of(Path.of(path)).type() == FileSystem.NSFS) {
                return true;
            }
        } catch (ErrnoException e) {
            throw ShimException.failedPrecondition("cannot reach the network of a sandbox: " + e.getMessage());
        }
        LOG.warn("the network of a sandbox is no namespace and is left out, path={}", path);
        return false;
    }
}
