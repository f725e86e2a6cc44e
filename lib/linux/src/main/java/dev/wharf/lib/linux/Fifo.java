package dev.wharf.lib.linux;

import java.nio.file.Path;

/** Named pipes. Source: fifo(7). */
public final class Fifo {
    private Fifo() {}

    /** Makes a fifo with these permissions, before the umask. Source: mkfifo(3). */
    public static void create(Path path, int permissions) {
        FilesAt.mknod(Fd.CWD, path.toString(), FileType.FIFO.bits() | permissions, Device.NONE);
    }

    /** Opens the reading end in non-blocking mode, which never waits for a writer. */
    public static Fd openReader(Path path) {
        return Fd.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
    }

    /** Opens the writing end in non-blocking mode; ENXIO while there is no reader. */
    public static Fd openWriter(Path path) {
        return Fd.open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK);
    }

    /**
     * Opens both ends at once, which waits for nobody and keeps the fifo from end of file for as long as it is open.
     */
    public static Fd openBoth(Path path) {
        return Fd.open(path, OpenFlags.O_RDWR);
    }
}
