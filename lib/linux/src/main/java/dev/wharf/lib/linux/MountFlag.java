package dev.wharf.lib.linux;

/** Flags of mount(2), by the kernel's names without MS_. Source: mount(2), the kernel's uapi/linux/mount.h. */
final class MountFlag {
    static final int RDONLY = 1;
    static final int NOSUID = 1 << 1;
    static final int NODEV = 1 << 2;
    static final int NOEXEC = 1 << 3;
    static final int SYNCHRONOUS = 1 << 4;
    static final int REMOUNT = 1 << 5;
    static final int MANDLOCK = 1 << 6;
    static final int DIRSYNC = 1 << 7;
    static final int NOSYMFOLLOW = 1 << 8;
    static final int NOATIME = 1 << 10;
    static final int NODIRATIME = 1 << 11;
    static final int BIND = 1 << 12;
    static final int REC = 1 << 14;
    static final int UNBINDABLE = 1 << 17;
    static final int PRIVATE = 1 << 18;
    static final int SLAVE = 1 << 19;
    static final int SHARED = 1 << 20;
    static final int RELATIME = 1 << 21;
    static final int STRICTATIME = 1 << 24;
    static final int LAZYTIME = 1 << 25;

    /** Change how mounts propagate; taken one at a time and with nothing but REC. */
    static final int PROPAGATION = UNBINDABLE | PRIVATE | SLAVE | SHARED;

    private MountFlag() {}
}
