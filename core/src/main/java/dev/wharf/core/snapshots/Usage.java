package dev.wharf.core.snapshots;

/**
 * What a snapshot alone takes on disk, without its parents.
 *
 * @param size bytes
 * @param inodes number of inodes
 */
public record Usage(long size, long inodes) {
    public static final Usage NONE = new Usage(0, 0);
}
