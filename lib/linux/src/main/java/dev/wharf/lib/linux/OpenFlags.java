package dev.wharf.lib.linux;

/**
 * Flags for opening a file and for naming one relative to a directory.
 *
 * <p>Source: open(2), and the comments on {@code AT_*} in fcntl.h. Four of the values differ by architecture.
 */
public final class OpenFlags {
    /** Open for reading. */
    public static final int O_RDONLY = 0;

    /** Open for writing. */
    public static final int O_WRONLY = 1;

    /** Open for both. */
    public static final int O_RDWR = 2;

    /** Create the file when it is not there. */
    public static final int O_CREAT = 0x40;

    /** With O_CREAT: fail with EEXIST when it is there, a symbolic link included. */
    public static final int O_EXCL = 0x80;

    /** Do not take a terminal as the controlling one. */
    public static final int O_NOCTTY = 0x100;

    /** Cut the file to length 0. */
    public static final int O_TRUNC = 0x200;

    /** Write at the end, wherever that is then. */
    public static final int O_APPEND = 0x400;

    /** Fail with EAGAIN instead of waiting. */
    public static final int O_NONBLOCK = 0x800;

    /** Go past the page cache; for pipes, keep writes apart. */
    public static final int O_DIRECT = Machine.pick(0x4000, 0x10000);

    /** Fail with ENOTDIR unless it is a directory. */
    public static final int O_DIRECTORY = Machine.pick(0x10000, 0x4000);

    /** Fail with ELOOP when the last component is a symbolic link; with O_PATH, open the link. */
    public static final int O_NOFOLLOW = Machine.pick(0x20000, 0x8000);

    /** Leave the access time alone. */
    public static final int O_NOATIME = 0x40000;

    /** Close when a program is executed; added to everything opened here. */
    public static final int O_CLOEXEC = 0x80000;

    /** Only name the file: no reading, no writing, no permission on the file needed. */
    public static final int O_PATH = 0x200000;

    /** Make a file without a name in the directory given. */
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

    /** Act on a symbolic link itself. */
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** Remove a directory. */
    public static final int AT_REMOVEDIR = 0x200;

    /** Follow a symbolic link where the call by itself would not. */
    public static final int AT_SYMLINK_FOLLOW = 0x400;

    /** With an empty name: act on the descriptor itself. */
    public static final int AT_EMPTY_PATH = 0x1000;

    /** Act on a mount and all below it. */
    public static final int AT_RECURSIVE = 0x8000;

    private OpenFlags() {}
}
