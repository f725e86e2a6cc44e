package dev.wharf.lib.linux;

/**
 * Flags for opening a file and for naming one relative to a directory.
 *
 * <p>Source: open(2), and the comments on {@code AT_*} in fcntl.h. Four of the values differ by architecture.
 */
public final class OpenFlags {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DIRECT = Machine.pick(0x4000, 0x10000);
    public static final int O_DIRECTORY = Machine.pick(0x10000, 0x4000);
    public static final int O_NOFOLLOW = Machine.pick(0x20000, 0x8000);
    public static final int O_NOATIME = 0x40000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
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
