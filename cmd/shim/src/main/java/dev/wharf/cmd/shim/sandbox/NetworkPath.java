package dev.wharf.cmd.shim.sandbox;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The path by which a daemon names the network of a pod. */
final class NetworkPath {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkPath.class);

    private NetworkPath() {}

    /** Whether it is a network namespace, which an open one says of itself; "" and other files are the host's. */
    static boolean isNamespace(String path) {
        if (path.isEmpty()) {
            return false;
        }
        try (Fd open = Fd.open(Path.of(path), OpenFlags.O_RDONLY)) {
            if (Files.readSymbolicLink(open.procPath()).toString().startsWith("net:[")) {
                return true;
            }
            LOG.warn("the network of a sandbox is no namespace and is left out, path={}", path);
            return false;
        } catch (ErrnoException | IOException e) {
            throw new IllegalStateException("cannot open the network of a sandbox: " + e.getMessage(), e);
        }
    }
}
