package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;

/** Files without a name that live in memory as long as they are open. Source: memfd_create(2). */
public final class MemoryFile {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;

    private MemoryFile() {}

    /** Makes an empty file; the name only shows in /proc. */
    public static Fd create(String name) {
        return create(name, MFD_CLOEXEC);
    }

    /**
     * Makes a file of zeros whose size stays as it is: a program writing beyond it fails with EPERM. Memory is only
     * taken for what is written.
     *
     * @param size in bytes
     */
    public static Fd ofSize(String name, long size) {
        Fd file = create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        try {
            FileIo.truncate(file, size);
            Fcntl.addSeals(file, F_SEAL_SHRINK | F_SEAL_GROW);
            return file;
        } catch (ErrnoException e) {
            file.close();
            throw e;
        }
    }

    private static Fd create(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.MEMFD_CREATE.call(Memory.string(arena, name).address(), flags);
            return Fd.adopt(check(result, "memfd_create", name));
        }
    }
}
