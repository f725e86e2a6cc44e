package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A block device over a file, gone when its last user is: one that was mounted goes with the mount. Source: loop(4).
 *
 * @param fd the open device, which keeps it until something else uses it
 * @param path of the device
 */
public record LoopDevice(Fd fd, Path path) implements AutoCloseable {
    private static final Path CONTROL = Path.of("/dev/loop-control");
    private static final int GET_FREE = 0x4C82;
    private static final int CONFIGURE = 0x4C0A;

    /** struct loop_config: descriptor, block size, struct loop_info64 with the flags at 52, 8 reserved numbers. */
    private static final int CONFIG_SIZE = 8 + 232 + 64;

    private static final int FLAGS = 8 + 52;
    private static final int READ_ONLY = 1;
    private static final int AUTO_CLEAR = 4;

    /** How often another device is tried when somebody else was quicker with one. */
    private static final int TRIES = 64;

    /** Attaches a file, for reading alone or for both. */
    public static LoopDevice attach(Path file, boolean readOnly) {
        int mode = readOnly ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR;
        try (Fd backing = Fd.open(file, mode);
                Fd control = Fd.open(CONTROL, OpenFlags.O_RDWR)) {
            for (int i = 1; ; i++) {
                long number = check(Syscall.IOCTL.call(control.number(), GET_FREE, 0), "ioctl LOOP_CTL_GET_FREE");
                Path path = Path.of("/dev/loop" + number);
                Fd device = Fd.open(path, mode);
                long result = configure(device, backing, readOnly);
                if (result >= 0) {
                    return new LoopDevice(device, path);
                }
                device.close();
                if (result != -Errno.EBUSY.number() || i == TRIES) {
                    throw ErrnoException.of(result, "ioctl LOOP_CONFIGURE", path, "for", file);
                }
            }
        }
    }

    private static long configure(Fd device, Fd backing, boolean readOnly) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment config = arena.allocate(CONFIG_SIZE, Long.BYTES);
            config.set(JAVA_INT, 0, backing.number());
            config.set(JAVA_INT, FLAGS, AUTO_CLEAR | (readOnly ? READ_ONLY : 0));
            return Syscall.IOCTL.call(device.number(), CONFIGURE, config.address());
        }
    }

    /** Lets go of the device. */
    @Override
    public void close() {
        fd.close();
    }
}
