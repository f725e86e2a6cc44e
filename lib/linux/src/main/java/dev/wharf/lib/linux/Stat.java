package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What the kernel knows of a file. Source: statx(2), whose layout is the same on every architecture.
 *
 * @param mode type and permission bits
 * @param uid owner
 * @param gid group
 * @param inode number within the file system
 * @param device the file system
 * @param special the device a device node stands for
 * @param links number of names
 * @param size in bytes
 * @param blocks allocated, in units of 512 bytes
 * @param accessed last access
 * @param modified last change of the content
 * @param changed last change of the inode
 * @param born creation; the epoch when the file system does not keep it
 * @param mountId of the mount it was reached through, as in {@link MountInfo}
 */
public record Stat(
        int mode,
        int uid,
        int gid,
        long inode,
        Device device,
        Device special,
        int links,
        long size,
        long blocks,
        Instant accessed,
        Instant modified,
        Instant changed,
        Instant born,
        long mountId) {
    private static final int STRUCT_SIZE = 256;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BTIME = 0x800;
    private static final int STATX_MNT_ID = 0x1000;

    /** Of the file at a path; a symbolic link is followed. */
    public static Stat of(Path path) {
        return of(Fd.CWD, path.toString(), 0);
    }

    /** Of the file at a path, or the symbolic link there. */
    public static Stat ofLink(Path path) {
        return of(Fd.CWD, path.toString(), OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    /** Of an open file. */
    public static Stat of(Fd fd) {
        return of(fd, "", OpenFlags.AT_EMPTY_PATH);
    }

    /** Of a name below a directory; flags are AT_SYMLINK_NOFOLLOW or AT_EMPTY_PATH. */
    public static Stat of(Fd dir, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            MemorySegment buffer = arena.allocate(STRUCT_SIZE, Long.BYTES);
            int mask = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
            long result = Syscall.STATX.call(dir.number(), path, flags, mask, buffer.address());
            check(result, "stat", name.isEmpty() ? dir : name);
            return read(buffer);
        }
    }

    /** The type of the file. */
    public FileType type() {
        return FileType.ofMode(mode);
    }

    /** Permission, set-id and sticky bits. */
    public int permissions() {
        return mode & 0xfff;
    }

    private static Stat read(MemorySegment s) {
        return new Stat(
                Short.toUnsignedInt(s.get(JAVA_SHORT, 28)),
                s.get(JAVA_INT, 20),
                s.get(JAVA_INT, 24),
                s.get(JAVA_LONG, 32),
                new Device(s.get(JAVA_INT, 136), s.get(JAVA_INT, 140)),
                new Device(s.get(JAVA_INT, 128), s.get(JAVA_INT, 132)),
                s.get(JAVA_INT, 16),
                s.get(JAVA_LONG, 40),
                s.get(JAVA_LONG, 48),
                time(s, 64),
                time(s, 112),
                time(s, 96),
                time(s, 80),
                s.get(JAVA_LONG, 144));
    }

    private static Instant time(MemorySegment s, long offset) {
        return Instant.ofEpochSecond(s.get(JAVA_LONG, offset), s.get(JAVA_INT, offset + 8));
    }
}
