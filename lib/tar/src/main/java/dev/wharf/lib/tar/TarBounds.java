package dev.wharf.lib.tar;

/**
 * How much one archive may ask for.
 *
 * @param archiveBytes bytes of the uncompressed archive, and of any one file including its holes
 * @param entries number of entries
 * @param pathBytes length of a name or link target
 * @param pathDepth components of a name
 * @param headerBytes size of one extended header, and so of all extended attributes and the sparse map of an entry
 * @param xattrBytes size of the value of one extended attribute
 */
public record TarBounds(
        long archiveBytes, long entries, int pathBytes, int pathDepth, int headerBytes, int xattrBytes) {
    /** Far above any layer seen, and the most Linux takes for paths (PATH_MAX) and attributes (XATTR_SIZE_MAX). */
    public static final TarBounds DEFAULT = new TarBounds(1L << 40, 4_000_000, 4095, 512, 1 << 20, 1 << 16);

    public TarBounds {
        if (Math.min(archiveBytes, entries) <= 0
                || Math.min(Math.min(pathBytes, pathDepth), Math.min(headerBytes, xattrBytes)) <= 0) {
            throw new IllegalArgumentException("bounds of an archive must be positive");
        }
    }

    /** The same with another bound for the uncompressed bytes. */
    public TarBounds withArchiveBytes(long bytes) {
        return new TarBounds(bytes, entries, pathBytes, pathDepth, headerBytes, xattrBytes);
    }

    /** The same with another bound for the number of entries. */
    public TarBounds withEntries(long count) {
        return new TarBounds(archiveBytes, count, pathBytes, pathDepth, headerBytes, xattrBytes);
    }
}
