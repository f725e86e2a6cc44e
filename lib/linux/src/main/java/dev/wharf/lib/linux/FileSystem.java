package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Set;

/**
 * Type and room of a mounted file system. Source: statfs(2).
 *
 * @param type its magic number, {@link #OVERLAYFS} and the like
 * @param blockSize bytes of a block
 * @param blocks all of its blocks
 * @param freeBlocks those not in use
 * @param availableBlocks those an unprivileged user may still take
 * @param files all of its inodes, 0 when it has no fixed number
 * @param freeFiles those not in use
 * @param maxName longest name in bytes
 */
public record FileSystem(
        long type,
        long blockSize,
        long blocks,
        long freeBlocks,
        long availableBlocks,
        long files,
        long freeFiles,
        long maxName) {
    public static final long OVERLAYFS = 0x794c7630L;
    public static final long TMPFS = 0x01021994L;
    public static final long BTRFS = 0x9123683eL;
    public static final long XFS = 0x58465342L;
    public static final long EXT4 = 0xef53L;
    public static final long EROFS = 0xe0f5e1e2L;
    public static final long ZFS = 0x2fc12fc1L;
    public static final long NFS = 0x6969L;
    public static final long FUSE = 0x65735546L;
    public static final long CGROUP = 0x27e0ebL;
    public static final long CGROUP2 = 0x63677270L;
    public static final long PROC = 0x9fa0L;
    public static final long NSFS = 0x6e736673L;

    private static final Set<Long> OF_KERNEL = Set.of(
            PROC,
            CGROUP,
            CGROUP2,
            NSFS,
            0x62656572L, // sysfs
            0x64626720L, // debugfs
            0x74726163L, // tracefs
            0x73636673L, // securityfs
            0x62656570L, // configfs
            0xcafe4a11L, // bpf
            0x6165676cL, // pstore
            0xde5e81e4L, // efivarfs
            0xf97cff8cL, // selinuxfs
            0x5a3c69f0L, // apparmorfs
            0x43415d53L, // smackfs
            0x42494e4dL, // binfmt_misc
            0x19800202L, // mqueue
            0x1cd1L, // devpts
            0x65735543L, // fusectl
            0x67596969L, // rpc_pipefs
            0x7655821L, // resctrl
            0x6c6f6f70L, // binder
            0x50494446L); // pidfs

    private static final int STRUCT_SIZE = 120;

    /** Whether its files are the kernel's own, such as those of proc: switches and questions, not data. */
    public boolean isOfKernel() {
        return OF_KERNEL.contains(type);
    }

    /** Of the file system a path is on. */
    public static FileSystem of(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(STRUCT_SIZE, Long.BYTES);
            long name = Memory.string(arena, path.toString()).address();
            check(Syscall.STATFS.call(name, buffer.address()), "statfs", path);
            return read(buffer);
        }
    }

    /** Of the file system an open file is on. */
    public static FileSystem of(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(STRUCT_SIZE, Long.BYTES);
            check(Syscall.FSTATFS.call(fd.number(), buffer.address()), "fstatfs", fd);
            return read(buffer);
        }
    }

    private static FileSystem read(MemorySegment s) {
        return new FileSystem(
                s.getAtIndex(JAVA_LONG, 0) & 0xffffffffL,
                s.getAtIndex(JAVA_LONG, 1),
                s.getAtIndex(JAVA_LONG, 2),
                s.getAtIndex(JAVA_LONG, 3),
                s.getAtIndex(JAVA_LONG, 4),
                s.getAtIndex(JAVA_LONG, 5),
                s.getAtIndex(JAVA_LONG, 6),
                s.getAtIndex(JAVA_LONG, 8));
    }
}
