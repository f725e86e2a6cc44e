package dev.wharf.plugins.snapshots;

import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Stat;

/**
 * What tells one file from another, by whatever name.
 *
 * @param device the file system
 * @param inode its number there
 */
public record FileId(Device device, long inode) {
    /** The file that was looked at. */
    public static FileId of(Stat stat) {
        return new FileId(stat.device(), stat.inode());
    }
}
