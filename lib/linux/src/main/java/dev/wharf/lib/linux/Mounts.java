package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Mounting and unmounting in the mount namespace of the calling thread.
 *
 * <p>All calls can block on the file system or device behind the mount.
 */
public final class Mounts {
    /** Unmount now from the tree, and in truth when the last user is gone. */
    public static final int MNT_DETACH = 2;

    /** Break off requests under way; for network and fuse file systems. */
    public static final int MNT_FORCE = 1;

    /** Do not follow a symbolic link at the end of the target. */
    public static final int UMOUNT_NOFOLLOW = 8;

    /** mount(2) copies one page of data; below this length it surely fits beside its terminator. */
    private static final int MAX_DATA = 4096 - 512;

    /** Upper bound of mounts stacked on one target that are taken off, against a loop without end. */
    private static final int MAX_STACKED = 4096;

    private Mounts() {}

    /**
     * Mounts with options as in fstab(5).
     *
     * <p>The kernel takes some options only in calls of their own, which follow here: flags of a bind mount other than
     * {@code bind} and {@code rbind} by a remount, propagation ({@code rprivate} and the like) after that. When such a
     * later call fails, the mount is taken off again. An overlay whose options do not fit a page, as with many lower
     * directories, goes by {@link FsContext} (Linux 6.8), on older kernels by names relative to the directory its layers
     * have in common. Source: mount(2).
     *
     * @param type file system type; ignored for bind mounts and remounts; empty to change the propagation alone
     * @param source device, directory or name, as the type has it
     * @param target an existing directory, or a file for a bind mount of a file
     * @param options flags, propagation, and the data of the file system
     */
    public static void mount(String type, String source, Path target, List<String> options) {
        MountOptions parsed = MountOptions.parse(options);
        boolean onlyPropagation =
                type.isEmpty() && parsed.flags() == 0 && !parsed.propagation().isEmpty();
        if (!onlyPropagation) {
            attach(type, source, target, parsed);
        }
        try {
            afterwards(target, parsed);
        } catch (ErrnoException e) {
            if (!onlyPropagation && !parsed.has(MountFlag.REMOUNT)) {
                takeBack(target, e);
            }
            throw e;
        }
    }

    private static void attach(String type, String source, Path target, MountOptions options) {
        if (options.has(MountFlag.BIND) && !options.has(MountFlag.REMOUNT)) {
            mount(source, target, "bind", options.flags() & (MountFlag.BIND | MountFlag.REC), "");
        } else if (type.equals("overlay") && !fits(options) && !options.has(MountFlag.REMOUNT)) {
            OverlayMount.mount(source, target, options);
        } else {
            mountDirectly(type, source, target, options);
        }
    }

    /** Mounts by mount(2), which takes all options in one page. */
    static void mountDirectly(String type, String source, Path target, MountOptions options) {
        if (!fits(options)) {
            throw new ErrnoException(
                    Errno.E2BIG.number(),
                    "mount " + type + " on " + target,
                    "options of " + options.joinedData().length() + " bytes, " + MAX_DATA + " fit");
        }
        mount(source, target, type, options.flags(), options.joinedData());
    }

    private static boolean fits(MountOptions options) {
        return FileNames.encode(options.joinedData()).length < MAX_DATA;
    }

    private static void afterwards(Path target, MountOptions options) {
        int bindFlags = options.flags() & ~(MountFlag.BIND | MountFlag.REC);
        if (options.has(MountFlag.BIND) && !options.has(MountFlag.REMOUNT) && bindFlags != 0) {
            mount("", target, "", MountFlag.BIND | MountFlag.REMOUNT | bindFlags, "");
        }
        for (int propagation : options.propagation()) {
            mount("", target, "", propagation, "");
        }
    }

    private static void takeBack(Path target, ErrnoException cause) {
        try {
            unmount(target, MNT_DETACH | UMOUNT_NOFOLLOW);
        } catch (ErrnoException e) {
            cause.addSuppressed(e);
        }
    }

    private static void mount(String source, Path target, String type, int flags, String data) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.MOUNT.call(
                    Memory.string(arena, source).address(),
                    Memory.string(arena, target.toString()).address(),
                    Memory.string(arena, type).address(),
                    flags,
                    data.isEmpty() ? 0 : Memory.string(arena, data).address());
            if (result < 0) {
                String what = type.isEmpty() ? "flags 0x" + Integer.toHexString(flags) : type;
                throw ErrnoException.of(
                        result, "mount", what, source.isEmpty() ? "on" : "from " + source + " on", target);
            }
        }
    }

    /** Unmounts the topmost mount on the target; EINVAL when there is none. Source: umount2(2). */
    public static void unmount(Path target, int flags) {
        check(umount(target.toString(), flags), "umount", target);
    }

    /**
     * Unmounts everything stacked on the target itself; nothing to do is fine, a missing target too.
     *
     * @param flags {@link #MNT_DETACH}, {@link #MNT_FORCE}, {@link #UMOUNT_NOFOLLOW} together
     */
    public static void unmountAll(Path target, int flags) {
        unmountAll(target.toString(), flags);
    }

    private static void unmountAll(String target, int flags) {
        for (int i = 0; i < MAX_STACKED; i++) {
            long result = umount(target, flags);
            if (result == -Errno.EINVAL.number() || result == -Errno.ENOENT.number()) {
                return;
            }
            check(result, "umount", target);
        }
        throw new ErrnoException(Errno.EBUSY.number(), "umount " + target, "still mounted after " + MAX_STACKED);
    }

    /** Unmounts everything on the target and below it, the deepest first. */
    public static void unmountRecursive(Path target, int flags) {
        MountInfo.below(target).stream()
                .map(MountInfo::mountPoint)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .forEach(point -> unmountAll(point, flags));
    }

    private static long umount(String target, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return Syscall.UMOUNT2.call(Memory.string(arena, target).address(), flags);
        }
    }
}
