package dev.wharf.lib.tar;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One entry: a name and all that is known of what it names. Names and link targets keep bytes that are not UTF-8, as
 * {@code FileNames} does.
 *
 * @param name as the archive has it, unchecked: it can be absolute and contain {@code ..}
 * @param type what it makes
 * @param linkName target of a symbolic link, or name of the entry a hard link is to; else empty
 * @param mode permission, set-id and sticky bits
 * @param uid owner, an unsigned number in 32 bits
 * @param gid group, an unsigned number in 32 bits
 * @param size of the file, holes included
 * @param segments the parts of the file the content holds, ascending; one part for an ordinary file
 * @param modified time of modification
 * @param accessed time of last access; that of modification when the archive has none
 * @param deviceMajor of a device
 * @param deviceMinor of a device
 * @param xattrs extended attributes by full name
 */
public record TarEntry(
        String name,
        TarType type,
        String linkName,
        int mode,
        int uid,
        int gid,
        long size,
        List<Segment> segments,
        Instant modified,
        Instant accessed,
        long deviceMajor,
        long deviceMinor,
        Map<String, byte[]> xattrs) {
    public TarEntry {
        segments = List.copyOf(segments);
        xattrs = Map.copyOf(xattrs);
    }

    /** The name for a message: quoted, shortened, free of control characters. */
    public String label() {
        return TarFailures.quoted(name);
    }

    /** Whether parts of the file are holes. */
    public boolean isSparse() {
        return segments.size() != 1 || segments.getFirst().length() != size;
    }
}
