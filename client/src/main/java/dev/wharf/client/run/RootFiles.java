package dev.wharf.client.run;

import dev.wharf.core.mount.Mount;
import java.util.List;
import java.util.Map;

/**
 * Reads small files of a container's root, whose owner is not trusted: no path leads out of it, and sizes are bounded.
 * Files that are missing are left out of the answer.
 */
public interface RootFiles {
    /** The most bytes of a file that are read; a larger one is refused with {@code RESOURCE_EXHAUSTED}. */
    int MAX_SIZE = 4 << 20;

    /** Reads files of the root that these mounts make. Nothing is mounted any more when it returns. */
    Map<String, byte[]> read(List<Mount> mounts, List<String> paths);

    /** Reads files of the root of a running process. */
    Map<String, byte[]> read(int pid, List<String> paths);
}
