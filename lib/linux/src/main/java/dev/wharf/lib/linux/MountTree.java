package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A mount, or tree of mounts, by descriptor: made but not attached, or picked from the tree.
 *
 * <p>One that was never attached is gone when closed. Source: open_tree(2), move_mount(2), mount_setattr(2).
 */
public final class MountTree implements AutoCloseable {
    private static final int OPEN_TREE_CLONE = 1;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    private final Fd fd;
    private final String what;

    MountTree(Fd fd, String what) {
        this.fd = fd;
        this.what = what;
    }

    /** A copy of the mount at a path, or of it and all below, not attached: a bind mount before it has a place. */
    public static MountTree copyOf(Path path, boolean recursive) {
        return open(path, OPEN_TREE_CLONE | (recursive ? OpenFlags.AT_RECURSIVE : 0));
    }

    /** The mount at a path itself. */
    public static MountTree at(Path path) {
        return open(path, 0);
    }

    private static MountTree open(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Memory.string(arena, path.toString()).address();
            long result = Syscall.OPEN_TREE.call(Fd.CWD.number(), name, flags | OpenFlags.O_CLOEXEC);
            return new MountTree(Fd.adopt(check(result, "open_tree", path)), path.toString());
        }
    }

    /** The descriptor, which {@link FilesAt} and {@link OpenAt2} take as a directory; owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Attaches the tree at a path, or moves it there. */
    public void attach(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = Memory.string(arena, "").address();
            long path = Memory.string(arena, target.toString()).address();
            long result = Syscall.MOVE_MOUNT.call(fd.number(), empty, Fd.CWD.number(), path, MOVE_MOUNT_F_EMPTY_PATH);
            check(result, "move_mount", what, "on", target);
        }
    }

    /** Attaches the tree on an open directory or file, such as one that {@link OpenAt2} found. */
    public void attach(Fd target) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = Memory.string(arena, "").address();
            int flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
            long result = Syscall.MOVE_MOUNT.call(fd.number(), empty, target.number(), empty, flags);
            check(result, "move_mount", what, "on", target);
        }
    }

    /** Sets and clears attributes ({@link MountAttributes}) of the mount, or of it and all below. */
    public void setAttributes(long set, long clear, boolean recursive) {
        setAttributes(set, clear, 0, 0, recursive);
    }

    /**
     * Maps the owners of all files by a user namespace; the tree must not be attached yet. It becomes private: what is
     * mounted on it, or on what it is a copy of, does not show in the other.
     */
    public void mapOwners(Fd userNamespace, boolean recursive) {
        setAttributes(MountAttributes.IDMAP, 0, MountFlag.PRIVATE, userNamespace.number(), recursive);
    }

    private void setAttributes(long set, long clear, int propagation, int userNamespace, boolean recursive) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(JAVA_LONG, 4);
            attributes.setAtIndex(JAVA_LONG, 0, set);
            attributes.setAtIndex(JAVA_LONG, 1, clear);
            attributes.setAtIndex(JAVA_LONG, 2, propagation);
            attributes.setAtIndex(JAVA_LONG, 3, userNamespace);
            int flags = OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0);
            long empty = Memory.string(arena, "").address();
            long result =
                    Syscall.MOUNT_SETATTR.call(fd.number(), empty, flags, attributes.address(), attributes.byteSize());
            check(result, "mount_setattr", what);
        }
    }

    /** Closes the descriptor; an attached mount stays. */
    @Override
    public void close() {
        fd.close();
    }
}
