package dev.wharf.shim.group;

import java.nio.file.Path;

/**
 * A group by the path of its socket, and where its files are.
 *
 * @param socket absolute path of the unix socket
 */
public record Group(Path socket) {
    /** Checks that the path is absolute. */
    public Group {
        if (!socket.isAbsolute()) {
            throw new IllegalArgumentException("the path of a shim's socket must be absolute: " + socket);
        }
    }

    /** Says which process serves. */
    public Path shimFile() {
        return beside(".shim");
    }

    /** The group's directory. */
    public Path directory() {
        return beside(".d");
    }

    /** Locked by the serving process. */
    Path lock() {
        return directory().resolve("lock");
    }

    /** There when a start has happened since this was last looked at. */
    Path started() {
        return directory().resolve("started");
    }

    /** Log of the process. */
    public Path log() {
        return directory().resolve("log");
    }

    private Path beside(String suffix) {
        return socket.resolveSibling(socket.getFileName() + suffix);
    }
}
