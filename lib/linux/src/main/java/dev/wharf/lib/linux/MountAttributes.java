package dev.wharf.lib.linux;

/** Attributes of a mount in the newer calls. Source: mount_setattr(2). */
public final class MountAttributes {
    /** Nothing is written through this mount. */
    public static final long RDONLY = 0x1;

    /** Set-id bits and file capabilities have no effect. */
    public static final long NOSUID = 0x2;

    /** Device nodes cannot be opened. */
    public static final long NODEV = 0x4;

    /** Programs cannot be executed. */
    public static final long NOEXEC = 0x8;

    /** The bits that hold one of relatime (0), {@link #NOATIME} and {@link #STRICTATIME}. */
    public static final long ATIME_MASK = 0x70;

    /** Access times are not kept. */
    public static final long NOATIME = 0x10;

    /** Access times are kept at each access. */
    public static final long STRICTATIME = 0x20;

    /** Access times of directories are not kept. */
    public static final long NODIRATIME = 0x80;

    /** Map owners by a user namespace. */
    public static final long IDMAP = 0x100000;

    /** Symbolic links are not followed. */
    public static final long NOSYMFOLLOW = 0x200000;

    private MountAttributes() {}

    /** The attributes that the flags of mount(2) ask for. */
    static long ofFlags(int flags) {
        return when(flags, MountFlag.RDONLY, RDONLY)
                | when(flags, MountFlag.NOSUID, NOSUID)
                | when(flags, MountFlag.NODEV, NODEV)
                | when(flags, MountFlag.NOEXEC, NOEXEC)
                | when(flags, MountFlag.NODIRATIME, NODIRATIME)
                | when(flags, MountFlag.NOSYMFOLLOW, NOSYMFOLLOW)
                | accessTime(flags);
    }

    private static long accessTime(int flags) {
        return (flags & MountFlag.NOATIME) != 0 ? NOATIME : when(flags, MountFlag.STRICTATIME, STRICTATIME);
    }

    private static long when(int flags, int flag, long attribute) {
        return (flags & flag) != 0 ? attribute : 0;
    }
}
