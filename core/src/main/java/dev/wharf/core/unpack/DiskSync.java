package dev.wharf.core.unpack;

import dev.wharf.core.mount.Mount;
import java.util.List;

/** Makes durable what was written to snapshots. */
@FunctionalInterface
public interface DiskSync {
    /** Brings to the disk all that was written to the file system of a snapshot with these mounts. */
    void sync(List<Mount> mounts);
}
