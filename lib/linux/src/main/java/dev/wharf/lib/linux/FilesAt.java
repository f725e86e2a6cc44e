package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * Making, changing and removing files named relative to a directory descriptor.
 *
 * <p>A name with slashes is resolved below the directory with symbolic links followed, out of it too. Who handles names
 * from elsewhere opens the parent by {@link OpenAt2} and passes the last component alone. Modes of created files are
 * subject to the {@link Umask}. Local file systems answer without blocking for long; network and fuse ones may block.
 */
public final class FilesAt {
    /** {@link #rename}: fail with EEXIST instead of replacing. */
    public static final int RENAME_NOREPLACE = 1;

    /** {@link #rename}: swap the two. */
    public static final int RENAME_EXCHANGE = 2;

    /** {@link #rename}: leave a whiteout where the file was. */
    public static final int RENAME_WHITEOUT = 4;

    private static final long UTIME_OMIT = 0x3ffffffe;
    private static final int PATH_MAX = 4096;

    private FilesAt() {}

    /** Opens or creates a file; close-on-exec is added to the flags. Source: openat(2). */
    public static Fd open(Fd dir, String name, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            long result = Syscall.OPENAT.call(dir.number(), path, flags | OpenFlags.O_CLOEXEC, mode);
            return Fd.adopt(check(result, "open", name));
        }
    }

    /** Makes a directory. Source: mkdirat(2). */
    public static void mkdir(Fd dir, String name, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            check(Syscall.MKDIRAT.call(dir.number(), path, mode), "mkdir", name);
        }
    }

    /**
     * Makes a file, fifo, socket or device node. Source: mknodat(2).
     *
     * @param mode type bits of {@link FileType} and permissions
     * @param device of a character or block device, else {@link Device#NONE}
     */
    public static void mknod(Fd dir, String name, int mode, Device device) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            check(Syscall.MKNODAT.call(dir.number(), path, mode, device.encoded()), "mknod", name);
        }
    }

    /** Makes a symbolic link that reads {@code target}. Source: symlinkat(2). */
    public static void symlink(String target, Fd dir, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long to = Memory.string(arena, target).address();
            long path = Memory.string(arena, name).address();
            check(Syscall.SYMLINKAT.call(to, dir.number(), path), "symlink", name, "to", target);
        }
    }

    /** Makes a hard link to a name, which is not followed when it is a symbolic link. Source: linkat(2). */
    public static void link(Fd fromDir, String from, Fd dir, String name) {
        link(fromDir, from, dir, name, 0);
    }

    /** Makes a hard link to an open file, also one opened by O_PATH or O_TMPFILE. Needs CAP_DAC_READ_SEARCH. */
    public static void link(Fd file, Fd dir, String name) {
        link(file, "", dir, name, OpenFlags.AT_EMPTY_PATH);
    }

    private static void link(Fd fromDir, String from, Fd dir, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long old = Memory.string(arena, from).address();
            long path = Memory.string(arena, name).address();
            long result = Syscall.LINKAT.call(fromDir.number(), old, dir.number(), path, flags);
            check(result, "link", name, "to", from.isEmpty() ? fromDir : from);
        }
    }

    /** Removes a name that is no directory. Source: unlinkat(2). */
    public static void unlink(Fd dir, String name) {
        remove("unlink", dir, name, 0);
    }

    /** Removes an empty directory. Source: unlinkat(2). */
    public static void rmdir(Fd dir, String name) {
        remove("rmdir", dir, name, OpenFlags.AT_REMOVEDIR);
    }

    private static void remove(String operation, Fd dir, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            check(Syscall.UNLINKAT.call(dir.number(), path, flags), operation, name);
        }
    }

    /** Renames atomically within a file system; flags are {@code RENAME_*}. Source: renameat2(2). */
    public static void rename(Fd fromDir, String from, Fd toDir, String to, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long old = Memory.string(arena, from).address();
            long path = Memory.string(arena, to).address();
            long result = Syscall.RENAMEAT2.call(fromDir.number(), old, toDir.number(), path, flags);
            check(result, "rename", from, "to", to);
        }
    }

    /**
     * Sets owner and group, -1 leaving one as it is. Source: fchownat(2).
     *
     * @param flags AT_SYMLINK_NOFOLLOW, or AT_EMPTY_PATH with an empty name for the descriptor itself
     */
    public static void chown(Fd dir, String name, int uid, int gid, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            check(Syscall.FCHOWNAT.call(dir.number(), path, uid, gid, flags), "chown", name.isEmpty() ? dir : name);
        }
    }

    /** Sets the permission bits, set-id and sticky bits included; follows a symbolic link. Source: fchmodat(2). */
    public static void chmod(Fd dir, String name, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            check(Syscall.FCHMODAT.call(dir.number(), path, mode), "chmod", name);
        }
    }

    /** Sets the permission bits of an open file, also one opened by O_PATH. Source: fchmod(2). */
    public static void chmod(Fd file, int mode) {
        long result = Syscall.FCHMOD.call(file.number(), mode);
        if (result == -Errno.EBADF.number()) {
            chmod(Fd.CWD, file.procPath().toString(), mode);
        } else {
            check(result, "chmod", file);
        }
    }

    /**
     * Sets access and modification time, to the nanosecond as far as the file system keeps it. Source: utimensat(2).
     *
     * @param accessed access time; {@link Instant#MIN} leaves it as it is
     * @param modified modification time; {@link Instant#MIN} leaves it as it is
     * @param flags AT_SYMLINK_NOFOLLOW, or AT_EMPTY_PATH with an empty name for the descriptor itself
     */
    public static void setTimes(Fd dir, String name, Instant accessed, Instant modified, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocate(ValueLayout.JAVA_LONG, 4);
            putTime(times, 0, accessed);
            putTime(times, 2, modified);
            long path = Memory.string(arena, name).address();
            long result = Syscall.UTIMENSAT.call(dir.number(), path, times.address(), flags);
            check(result, "utimens", name.isEmpty() ? dir : name);
        }
    }

    private static void putTime(MemorySegment times, int index, Instant time) {
        boolean omit = time.equals(Instant.MIN);
        times.setAtIndex(ValueLayout.JAVA_LONG, index, omit ? 0 : time.getEpochSecond());
        times.setAtIndex(ValueLayout.JAVA_LONG, index + 1L, omit ? UTIME_OMIT : time.getNano());
    }

    /** What a symbolic link reads; with an empty name, the link the descriptor itself was opened on by O_PATH. */
    public static String readlink(Fd dir, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long path = Memory.string(arena, name).address();
            MemorySegment target = arena.allocate(PATH_MAX);
            long length = Syscall.READLINKAT.call(dir.number(), path, target.address(), PATH_MAX);
            return Memory.toName(target, check(length, "readlink", name.isEmpty() ? dir : name));
        }
    }
}
